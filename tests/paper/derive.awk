# The figures of the rows from the runs: `run path value` in, `name value` out.  Lines `text TABLE
# ...` are printed below that table as they are.

{ value[$1, $2] = $3 }

function get(run, path) {
    if (!((run, path) in value)) {
        print "derive.awk: no " path " in run " run >"/dev/stderr"
        failed = 1
        exit 1
    }
    return value[run, path]
}

function put(name, figure) { printf "%s %.10g\n", name, figure }
function magnitude(x) { return x < 0 ? -x : x }
function ms(n) { return n / 200e3 }
function larger(a, b) { return a > b ? a : b }

# --- Eyeriss ---------------------------------------------------------------

# PEs that a mapping has in use: the children of all levels.
function pes(run,    level, product) {
    product = 1
    for (level = 0; level < 6; level++) product *= get(run, "layers.0.levels." level ".children")
    return product
}

# What passes between the global buffer and the array, in MB of 16-bit words; `stored` is the part
# of the padded input that is data.
function buffer_mb(run, stored,    at) {
    at = "layers.0.levels.2.tensors."
    return 2e-6 * (get(run, at "W.reads") + stored * get(run, at "I.reads") + get(run, at "O.writes") \
        + get(run, at "O.psum_reads"))
}

# What a layer would take if a PE spent a cycle on each partial sum that enters it: p more a step
# of its array, where that is not hidden behind the bus of the partial sums.  Not dcc's: by hand.
function by_hand(layer,    run, p, work, bus, steps) {
    run = "eyeriss." layer
    p = get("mapping", layer ".p")
    work = p * get("mapping", layer ".q") * get(run, "layers.0.dims.S")
    bus = p * get("mapping", layer ".t") * get("mapping", layer ".e") / 4
    steps = get(run, "layers.0.levels.2.steps") \
        - get(run, "layers.0.levels.1.steps") * (get("mapping", layer ".n") - 1)
    return get(run, "layers.0.cycles") + steps * (larger(work + p, bus) - larger(work, bus))
}

function cycles(variant, layer) {
    if (variant == "eyeriss") return get("eyeriss." layer, "layers.0.cycles")
    if (variant == "by-hand") return by_hand(layer)
    return get(variant, layer ".cycles")
}

# A line with a variant's latencies; its mean absolute error.
function variant(name, what,    i, line, error) {
    line = sprintf("text eyeriss %-42s", what)
    for (i = 1; i <= 5; i++) {
        line = line sprintf(" %7.2f", ms(cycles(name, "CONV" i)))
        error += 20 * magnitude(ms(cycles(name, "CONV" i)) / measured[i] - 1)
    }
    printf "%s %7.1f%%\n", line, error
    put("eyeriss.error." name, error)
}

# compute: the steps of the PEs; fills: first steps of passes; buses: what the others wait for.
function eyeriss_time(    i, layer, run, cause, all, compute, fill) {
    printf "text eyeriss %-10s %10s %10s %10s %10s %14s\n", "[ms]", "compute", "fills", "buses", "total", "average PEs"
    for (i = 1; i <= 5; i++) {
        layer = "CONV" i
        run = "eyeriss." layer
        cause = "layers.0.cycles_by_cause."
        all = get(run, "layers.0.cycles")
        compute = get("wide", layer ".cycles_by_cause.compute")
        fill = get(run, cause "fill") + get(run, cause "drain")
        printf "text eyeriss   %-8s %10.2f %10.2f %10.2f %10.2f %14.2f\n", layer, ms(compute), ms(fill), \
            ms(all - compute - fill), ms(all), get(run, "layers.0.active_pes")
    }
    print "text eyeriss "
}

function eyeriss(    i, layer, run, padded, bare, sum) {
    split("227 27 13 13 13", bare, " ")
    split("227 31 15 15 15", padded, " ")
    split("16.5 39.2 21.8 16.0 10.0", measured, " ")
    for (i = 1; i <= 5; i++) {
        layer = "CONV" i
        run = "eyeriss." layer
        put("eyeriss.ms." layer, ms(get(run, "layers.0.cycles")))
        put("eyeriss.pes." layer, pes(run))
        put("eyeriss.mb." layer, buffer_mb(run, 1))
        put("eyeriss.data." layer, buffer_mb(run, bare[i] * bare[i] / padded[i] / padded[i]))
        sum += ms(get(run, "layers.0.cycles"))
    }
    put("eyeriss.ms.total", sum)
    put("eyeriss.ratio45", get("eyeriss.CONV4", "layers.0.cycles") / get("eyeriss.CONV5", "layers.0.cycles"))
    put("eyeriss.other.ms", ms(get("eyeriss.other", "layers.0.cycles")))
    put("eyeriss.other.mb", buffer_mb("eyeriss.other", 169 / 225))
    eyeriss_time()
    printf "text eyeriss %-42s %7s %7s %7s %7s %7s %8s\n", "latency [ms] under other assumptions", "CONV1", "CONV2", \
        "CONV3", "CONV4", "CONV5", "error"
    variant("eyeriss", "  as above: fills of a pass are waited for")
    variant("hidden", "  fills hidden behind the pass before")
    variant("outside", "  filter groups outside channels: m = p t")
    variant("images", "  images inside the loop over X'")
    variant("whole", "  a pass starts when all its data are there")
    variant("shared", "  one bus of 144 bits for all data")
    variant("wide", "  no bound on the buses: compute alone")
    variant("by-hand", "  by hand: a cycle per psum entering a PE")
}

# Energies in MACs: the table of hardware/tech-relative.hw.
function relative(    i, layer, line) {
    for (i = 1; i <= 5; i++) {
        layer = "CONV" i
        put("relative.alu." layer, get("relative", layer ".energy_pj.mac") / 1e9)
        put("relative.dram." layer, get("relative", layer ".energy_pj.offchip") / 1e9)
        put("relative.rf." layer, get("relative", layer ".energy_pj.l1") / 1e9)
        line = line sprintf(" %7.2f", get("relative-outside", layer ".energy_pj.offchip") / 1e9)
    }
    print "text relative DRAM if the filters of one pass alone are kept, m = p t:" line
}

# --- MAESTRO's paper -------------------------------------------------------

# Table 5: MACs per cycle if everything overlaps and if nothing does; on-chip energy in MACs.
function table5(    i, names, run, macs, pj) {
    split("40 24 unicast noreduction", names, " ")
    printf "text table5 %-22s %10s %10s %10s %10s\n", "energy [1e9 MACs]", "MAC", "L1", "L2", "off-chip"
    for (i = 1; i <= 4; i++) {
        run = "t5." names[i] ".step"
        macs = get(run, "CONV2.macs")
        pj = get(run, "CONV2.energy_pj.mac") / macs
        put("table5.rate." names[i], macs / get(run, "CONV2.cycles"))
        put("table5.serial." names[i], macs / get("t5." names[i] ".none", "CONV2.cycles"))
        put("table5.energy." names[i], \
            (get(run, "CONV2.energy_pj.total") - get(run, "CONV2.energy_pj.offchip")) / pj / 1e9)
        printf "text table5 %-22s %10.2f %10.2f %10.2f %10.2f\n", "  " names[i], macs / 1e9, \
            get(run, "CONV2.energy_pj.l1") / pj / 1e9, get(run, "CONV2.energy_pj.l2") / pj / 1e9, \
            get(run, "CONV2.energy_pj.offchip") / pj / 1e9
    }
}

function reuse(network, layer, tensor) {
    return get("yr-p." network, layer ".reuse." tensor) / get("kc-p." network, layer ".reuse." tensor)
}

function reuses() {
    put("reuse.early.input", reuse("resnet50", "CONV1", "I"))
    put("reuse.early.filter", reuse("resnet50", "CONV1", "W"))
    put("reuse.late.input", 100 * magnitude(reuse("vgg16", "CONV13", "I") - 1))
    put("reuse.late.filter", 100 * magnitude(reuse("vgg16", "CONV13", "W") - 1))
}

# Runtime and on-chip energy of a network, each layer under the best of the dataflows, against the
# one dataflow that is best for all of it.
function adaptive(    d, n, flows, networks, key, part, run, count, layer, time, energy, total, spent, best, least, \
        adapted, saved, sum, sum_energy, i, j, t, e) {
    split("c-p x-p yx-p yr-p kc-p", flows, " ")
    split("resnet50 vgg16 resnext50 mobilenetv2 unet", networks, " ")
    for (n = 1; n <= 5; n++)
        for (d = 1; d <= 5; d++) of[flows[d] "." networks[n]] = n
    for (key in value) {
        split(key, part, SUBSEP)
        if (!(part[1] in of) || part[2] !~ /\.cycles$/) continue
        run = part[1]
        layer = substr(part[2], 1, length(part[2]) - 7)
        count = get(run, layer ".count")
        time = count * value[key]
        energy = count * (get(run, layer ".energy_pj.total") - get(run, layer ".energy_pj.offchip"))
        total[run] += time
        spent[run] += energy
        key = of[run] " " layer
        if (!(key in best) || time < best[key]) best[key] = time
        if (!(key in least) || energy < least[key]) least[key] = energy
    }
    for (key in best) {
        split(key, part, " ")
        adapted[part[1]] += best[key]
        saved[part[1]] += least[key]
    }
    printf "text reuse %-20s %22s %22s %22s\n", "adaptive dataflow [%]", "runtime / best single", "energy / best single", \
        "runtime, energy / mean"
    for (n = 1; n <= 5; n++) {
        i = j = sum = sum_energy = 0
        for (d = 1; d <= 5; d++) {
            run = flows[d] "." networks[n]
            if (!i || total[run] < i) i = total[run]
            if (!j || spent[run] < j) j = spent[run]
            sum += total[run] / 5
            sum_energy += spent[run] / 5
        }
        printf "text reuse   %-19s %22.1f %22.1f %15.1f %6.1f\n", networks[n], 100 * adapted[n] / i, \
            100 * saved[n] / j, 100 * adapted[n] / sum, 100 * saved[n] / sum_energy
        t += 100 * (1 - adapted[n] / i) / 5
        e += 100 * (1 - saved[n] / j) / 5
    }
    put("adaptive.time", t)
    put("adaptive.energy", e)
}

# --- SCALE-Sim -------------------------------------------------------------

function systolic(    i, names) {
    split("ws os ws-steps os-steps", names, " ")
    for (i = 1; i <= 4; i++) put("systolic." names[i], get(names[i], "G.cycles"))
}

# --- Ruby ---------------------------------------------------------------------

# Of a search that ended with a proof.
function proven(run, what) {
    if (get(run, "layers.0.optimal") != "true") failed = 1
    return get(run, "layers.0.best." what)
}

function ruby(    i, sizes) {
    split("divisors canonical all", sizes, " ")
    for (i = 1; i <= 3; i++) {
        put("ruby.100." sizes[i], proven("ruby.100." sizes[i], "cycles"))
        put("ruby.127." sizes[i], proven("ruby.127." sizes[i], "cycles"))
        put("ruby.array." sizes[i], 100 * proven("ruby.array." sizes[i], "utilization"))
        put("ruby.outputs." sizes[i], 100 * proven("ruby.outputs." sizes[i], "utilization"))
    }
}

# --- Figure 13 of MAESTRO's paper --------------------------------------------

function sram(run, best) {
    return get(run, "best." best ".design.pes") * get(run, "best." best ".l1_bytes") + get(run, "best." best ".l2_bytes")
}

# The energy-optimized design over the throughput-optimized one.
function over(run, what) {
    return get(run, "best.energy." what) / get(run, "best.throughput." what)
}

function designs(    i, j, run, flows, layers) {
    split("kc-p yr-p", flows, " ")
    split("CONV2 CONV11", layers, " ")
    printf "text designs %-26s %6s %6s %8s %10s %10s %8s %8s\n", "", "PEs", "SRAM", "MAC/cyc", "energy mJ", "EDP uJ s", "mm2", "mW"
    for (i = 1; i <= 2; i++)
        for (j = 1; j <= 2; j++) {
            run = "design." flows[i] "." layers[j]
            design_line(run, flows[i] " " layers[j], "throughput")
            design_line(run, "", "energy")
            put(run ".sram", sram(run, "energy") / sram(run, "throughput"))
            put(run ".pes", 100 * over(run, "design.pes"))
            put(run ".power", over(run, "power_mw"))
            put(run ".edp", 100 * (1 - over(run, "edp_js")))
            put(run ".throughput", 100 * over(run, "macs_per_cycle"))
        }
}

function design_line(run, name, best) {
    printf "text designs   %-11s %-12s %6d %5dK %8.1f %10.2f %10.1f %8.2f %8.1f\n", name, best, \
        get(run, "best." best ".design.pes"), sram(run, best) / 1024, get(run, "best." best ".macs_per_cycle"), \
        get(run, "best." best ".energy_pj") / 1e9, get(run, "best." best ".edp_js") * 1e6, \
        get(run, "best." best ".area_mm2"), get(run, "best." best ".power_mw")
}

# --- Stream ----------------------------------------------------------------

function stream(    run, runs, i) {
    split("lab1 lab2 lab3 lab3-energy lab3-wide lab1-window lab3-window", runs, " ")
    for (i = 1; i <= 7; i++) {
        run = runs[i]
        put("stream.cycles." run, get(run, "cycles"))
        put("stream.uj." run, get(run, "pj") * 1e-6)
    }
    put("stream.faster", get("lab1", "cycles") / get("lab3", "cycles"))
    put("stream.saves", get("lab1", "pj") / get("lab3", "pj"))
    put("stream.saves-most", get("lab1", "pj") / get("lab3-energy", "pj"))
}

END {
    if (!failed) {
        eyeriss()
        relative()
        table5()
        reuses()
        adaptive()
        systolic()
        ruby()
        designs()
        stream()
    }
    exit failed
}

/* What a search of a network says, in three forms, layer by layer. */
#ifndef DCC_MAP_ANSWER_H
#define DCC_MAP_ANSWER_H

#include "map/network.h"
#include "report/html.h"
#include "report/report.h"

/* What all forms speak of; borrowed. */
typedef struct {
    const Program *program;
    const Report *report; /* names, PEs, clock; at the end chip and notes */
    Objective objective;
    const Measure *measure; /* or NULL: what was to be least instead */
    bool front;
    double gap; /* that one may be content with */
    const char *space;
    const char *lacking; /* network_lacking */
} Answer;

/* "3.2mJ s", "12.1uJ", "36.9k cycles"; "-" if it is not known. */
void answer_value(Objective objective, double value, GString *out);

/* "0.8 % above", "3.1x"; nothing if it is not known. */
void answer_gap(double gap, GString *out);

/* "optimal", "at most 2 % above the least, when --time ended the search". */
void answer_verdict(const Mapped *mapped, GString *out);

/* Text: a headline, a part for each layer, a table of all. */
typedef struct AnswerText AnswerText;
AnswerText *answer_text_begin(const Answer *answer, Output *out, bool colour);
void answer_text_layer(AnswerText *text, const Mapped *mapped);
void answer_text_end(AnswerText *text, const NetworkTotal *total);

/* JSON: that of dcc, with `best` in place of a layer's figures. */
typedef struct AnswerJson AnswerJson;
AnswerJson *answer_json_begin(const Answer *answer, Output *out);
void answer_json_layer(AnswerJson *json, const Mapped *mapped);
void answer_json_end(AnswerJson *json, const NetworkTotal *total);

/* HTML: dcc's page of the best beside the references, and a table of gaps. */
typedef struct AnswerHtml AnswerHtml;
AnswerHtml *answer_html_begin(const Answer *answer, Output *out);
void answer_html_layer(AnswerHtml *html, const Mapped *mapped);
void answer_html_end(AnswerHtml *html, const NetworkTotal *total);

/* The front of energy and time as CSV, a row for each mapping. */
void answer_front_begin(Output *out);
void answer_front_layer(Output *out, const Mapped *mapped);

/* The network with what was found in every layer, as a file that dcc reads. */
typedef struct AnswerFile AnswerFile;
AnswerFile *answer_file_begin(const Answer *answer, Output *out);
void answer_file_layer(AnswerFile *file, const Mapped *mapped);
void answer_file_end(AnswerFile *file, const NetworkTotal *total);

#endif

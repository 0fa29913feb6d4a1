/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The page around its content: page.html with its places filled. Everything inline is named in the page's own policy by
 * its SHA-256, so that a browser runs these scripts and these styles and nothing else, and asks nobody for anything.
 */
#ifndef RESULTS_REPORT_TEMPLATE_H
#define RESULTS_REPORT_TEMPLATE_H

#include "base/text.h"

/* All of it HTML already; @data: JSON without '<'. */
struct mh_template {
	const char *title, *body, *data;
};

void mh_template_fill(const struct mh_template *content, struct mh_text *page);

#endif

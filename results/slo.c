/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Thresholds: their grammar, and the judgement. */
#include "results/slo.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/units.h"
#include "results/decimal.h"
#include "results/result.h"

#define OPERATOR_LETTERS "<>=!"

/* In the order of enum mh_slo_operator. */
static const char *const operator_names[] = {"<", "<=", ">", ">=", "==", "!="};

/* The number in the unit that the metric has. */
static int parse_value(const struct mh_metric *metric, const char *text, double *ret_value, struct mh_error *reterr)
{
	uint64_t number = 0;
	int ret;

	switch (mh_metric_unit(metric)) {
	case MH_UNIT_NS:
		ret = mh_parse_duration(text, &number, reterr);
		break;
	case MH_UNIT_SHARE:
		ret = mh_parse_share(text, &number, reterr);
		break;
	case MH_UNIT_COUNT:
		ret = mh_parse_unsigned(text, &number, reterr);
		break;
	case MH_UNIT_RATE:
		return mh_parse_rate(text, ret_value, reterr);
	default:
		if (mh_decimal_parse(text, strlen(text), ret_value) == 0)
			return 0;
		return mh_error_set(reterr, -EINVAL, "'%s' is no plain number, as the ratio '%s' needs one", text,
				    metric->text);
	}
	*ret_value = (double)number;
	return ret;
}

/* Cuts "METRIC OP VALUE" at its blanks, which need not be there. */
static int split(char *text, char **ret_value, enum mh_slo_operator *ret_operator, struct mh_error *reterr)
{
	char *sign = text + strcspn(text, OPERATOR_LETTERS);
	size_t length = strspn(sign, OPERATOR_LETTERS), i = 0;

	while (i <= MH_SLO_NOT_EQUAL &&
	       (strlen(operator_names[i]) != length || strncmp(operator_names[i], sign, length) != 0))
		i++;
	if (i > MH_SLO_NOT_EQUAL)
		return mh_error_set(reterr, -EINVAL,
				    "'%s' is no threshold: write METRIC OP VALUE, OP one of < <= > >= == !=", text);
	*ret_value = sign + length + strspn(sign + length, " ");
	*ret_operator = (enum mh_slo_operator)i;
	while (sign > text && sign[-1] == ' ')
		sign--;
	*sign = '\0';
	return 0;
}

static int check_operator(const struct mh_threshold *threshold, struct mh_error *reterr)
{
	if (threshold->sign < MH_SLO_EQUAL || mh_metric_unit(&threshold->metric) == MH_UNIT_COUNT)
		return 0;
	return mh_error_set(reterr, -EINVAL,
			    "'%s' is measured, and two measured numbers are never equal: only counts can be compared "
			    "by '%s'; use < or >",
			    threshold->metric.text, operator_names[threshold->sign]);
}

/* Fills all but @threshold->text from @copy, which is cut up. */
static int parse_copy(char *copy, struct mh_threshold *threshold, struct mh_error *reterr)
{
	char *value;
	int ret = split(copy, &value, &threshold->sign, reterr);

	if (ret == 0)
		ret = mh_metric_parse(copy, false, &threshold->metric, reterr);
	if (ret == 0)
		ret = check_operator(threshold, reterr);
	if (ret == 0 && parse_value(&threshold->metric, value, &threshold->value, reterr) < 0)
		ret = -EINVAL; /* too large a number is as wrong as none */
	return ret;
}

int mh_threshold_parse(const char *text, struct mh_threshold *ret_threshold, struct mh_error *reterr)
{
	struct mh_threshold threshold = {.text = strdup(text + strspn(text, " "))};
	char *copy = threshold.text ? strdup(threshold.text) : NULL;
	int ret = copy ? parse_copy(copy, &threshold, reterr) : -ENOMEM;

	free(copy);
	if (ret == 0)
		*ret_threshold = threshold;
	else
		mh_threshold_release(&threshold);
	return ret;
}

void mh_threshold_release(struct mh_threshold *threshold)
{
	mh_metric_release(&threshold->metric);
	free(threshold->text);
	*threshold = (struct mh_threshold){0};
}

bool mh_threshold_holds(const struct mh_threshold *threshold, double value)
{
	switch (threshold->sign) {
	case MH_SLO_LESS:
		return value < threshold->value;
	case MH_SLO_LESS_EQUAL:
		return value <= threshold->value;
	case MH_SLO_GREATER:
		return value > threshold->value;
	case MH_SLO_GREATER_EQUAL:
		return value >= threshold->value;
	case MH_SLO_EQUAL:
		return value == threshold->value;
	default:
		return value != threshold->value;
	}
}

int mh_slo_evaluate(struct mh_result *result, const struct mh_threshold *threshold, bool require)
{
	struct mh_result_slo *slo = mh_result_add_slo(result);
	struct mh_error why;

	if (!slo)
		return -ENOMEM;
	slo->expr = mh_result_text(result, threshold->text);
	slo->limit = threshold->value;
	slo->unit = mh_metric_unit_names[mh_metric_unit(&threshold->metric)];
	slo->require = require;
	slo->has_value = mh_metric_value(&threshold->metric, result, &slo->value, &why) == 0;
	if (slo->has_value)
		slo->ok = mh_threshold_holds(threshold, slo->value);
	else
		slo->reason = mh_result_text(result, why.text);
	return result->failed ? -ENOMEM : 0;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Words for two values. */
#ifndef MEMHP_LINUX_STRING_HELPERS_H
#define MEMHP_LINUX_STRING_HELPERS_H

#include <linux/ctype.h>
#include <linux/string.h>

static inline const char *str_yes_no(bool value)
{
	return value ? "yes" : "no";
}

static inline const char *str_on_off(bool value)
{
	return value ? "on" : "off";
}

static inline const char *str_enable_disable(bool value)
{
	return value ? "enable" : "disable";
}

static inline const char *str_enabled_disabled(bool value)
{
	return value ? "enabled" : "disabled";
}

#endif

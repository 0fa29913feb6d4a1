/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "bench/kernel/symbol.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SYMBOLS          "/proc/kallsyms"
#define SYMBOLS_SIZE_MAX (256u << 20)

/* "ffffffff82de1500 d memory_chain": the line of @name, or NULL. */
static const char *find_line(const char *symbols, const char *name)
{
	char end[MH_KERNEL_VALUE_SIZE];
	const char *at;

	snprintf(end, sizeof(end), " %s\n", name);
	at = strstr(symbols, end);
	while (at && at > symbols && at[-1] != '\n')
		at--;
	return at;
}

int mh_kernel_symbol(const struct mh_kernel_tree *tree, const char *name, uint64_t *ret_address,
		     struct mh_error *reterr)
{
	struct mh_text symbols = MH_TEXT_INIT;
	char path[MH_KERNEL_PATH_SIZE];
	const char *line;
	int ret = mh_kernel_read_text(tree, mh_kernel_path(tree, path, SYMBOLS), SYMBOLS_SIZE_MAX, &symbols, reterr);

	if (ret < 0)
		return ret;
	line = find_line(symbols.data, name);
	*ret_address = line ? strtoull(line, NULL, 16) : 0;
	if (!line)
		ret = mh_error_set(reterr, -ENOENT, "'%s' does not tell where %s is: it needs CONFIG_KALLSYMS_ALL",
				   path, name);
	else if (!*ret_address)
		ret = mh_error_set(reterr, -EPERM,
				   "'%s' hides the address of %s: sysctl kernel.kptr_restrict=1, and read it as root",
				   path, name);
	mh_text_release(&symbols);
	return ret;
}

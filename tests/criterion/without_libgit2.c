// SPDX-License-Identifier: GPL-2.0-or-later
// Stands in for libgit2 in the unit programs. Criterion starts a process for each test, and in each libgit2 brought 17
// libraries and parsed all certificates of the host: more than half of what a small test took. Of libgit2 Criterion
// wants one thing, differences for the assertions of criterion/new/assert.h, which no test of ours uses.
#include <stdio.h>
#include <stdlib.h>

int git_libgit2_init(void);
int git_libgit2_shutdown(void);
int git_diff_buffers(void);

int git_libgit2_init(void)
{
	return 1;
}

int git_libgit2_shutdown(void)
{
	return 0;
}

int git_diff_buffers(void)
{
	fputs("criterion/new/assert.h needs libgit2, which tests/criterion leaves out: use cr_assert_eq and its like\n",
	      stderr);
	abort();
}

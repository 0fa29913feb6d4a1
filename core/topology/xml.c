/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A machine from an hwloc XML file. The file is looked over before hwloc gets it: its size, that it claims to be a
 * topology, no entities (they can grow without bound), and no number so large that a set of CPUs up to it fills memory.
 * Then hwloc reads it in a child process, and only if that ends well here.
 */
#include "core/topology/topology_private.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/io.h"
#include "base/trial.h"

#define XML_SIZE_MAX    ((size_t)64 << 20)
#define TRIAL_CPU_S_MAX 20
#define OS_INDEX_MAX    1048576u
#define UNKNOWN_INDEX   4294967295u /* hwloc writes it for objects without a number */
#define SET_LETTERS_MAX 65536       /* of one cpuset="0x…,0x…": 11 letters for 32 CPUs */

/* NULL when each os_index="…" is a number that can be; else what is wrong. */
static const char *check_indexes(const char *text)
{
	static const char key[] = "os_index=\"";

	for (const char *at = strstr(text, key); at; at = strstr(at, key)) {
		char *end;

		at += sizeof(key) - 1;
		unsigned long long value = strtoull(at, &end, 10);

		if (end == at || *end != '"')
			return "an os_index is no number";
		if (value > OS_INDEX_MAX && value != UNKNOWN_INDEX)
			return "an os_index is too large";
	}
	return NULL;
}

static const char *check_sets(const char *text)
{
	static const char key[] = "set=\"";

	for (const char *at = strstr(text, key); at; at = strstr(at, key)) {
		at += sizeof(key) - 1;
		if (strcspn(at, "\"") > SET_LETTERS_MAX)
			return "a set of CPUs or nodes is too large";
	}
	return NULL;
}

static const char *check_text(const char *text, size_t size)
{
	if (size == 0)
		return "it is empty";
	if (strlen(text) != size)
		return "it has zero bytes";
	if (text[strspn(text, " \t\r\n\xef\xbb\xbf")] != '<' || !strstr(text, "<topology"))
		return "it is no hwloc XML";
	if (strstr(text, "<!ENTITY"))
		return "it defines entities";
	const char *wrong = check_indexes(text);

	return wrong ? wrong : check_sets(text);
}

struct xml {
	const char *text;
	size_t size;
	hwloc_topology_t tree;
	struct mh_error *reterr;
};

static int tree_load(void *data)
{
	struct xml *xml = data;
	int ret = mh_topology_tree_init(&xml->tree, xml->reterr);

	if (ret < 0)
		return ret;
	/* The NUL belongs to the buffer. */
	if (hwloc_topology_set_xmlbuffer(xml->tree, xml->text, (int)xml->size + 1) == 0 &&
	    hwloc_topology_load(xml->tree) == 0)
		return 0;
	hwloc_topology_destroy(xml->tree);
	return -EINVAL;
}

/* hwloc 2.9 crashes on trees whose sets are missing or contradict each other: a child process tries it first. */
static int tree_load_safely(const char *path, struct xml *xml)
{
	int ret = mh_trial_run(tree_load, xml, TRIAL_CPU_S_MAX);

	if (ret == -EFAULT)
		return mh_error_set(xml->reterr, -EINVAL, "'%s' is no topology: hwloc breaks down over it", path);
	if (ret == -ETIME)
		return mh_error_set(xml->reterr, -EINVAL, "'%s' is no topology: hwloc needs more than %d s for it",
				    path, TRIAL_CPU_S_MAX);
	if (ret == -EAGAIN)
		return mh_error_set(xml->reterr, ret, "cannot start a process to try '%s' in", path);
	if (ret == 0)
		ret = tree_load(xml);
	if (ret < 0)
		return mh_error_set(xml->reterr, ret, "'%s' is no topology: hwloc cannot read it", path);
	return 0;
}

int mh_topology_open_xml(const char *path, hwloc_topology_t *ret_tree, struct mh_error *reterr)
{
	char *text;
	size_t size;
	int ret;

	if (!*path)
		return mh_error_set(reterr, -EINVAL, "'xml:' names no file: write xml:FILE");
	ret = mh_file_read(path, XML_SIZE_MAX, &text, &size, reterr);
	if (ret < 0)
		return ret;
	struct xml xml = {.text = text, .size = size, .reterr = reterr};
	const char *wrong = check_text(text, size);

	if (wrong)
		ret = mh_error_set(reterr, -EINVAL, "'%s' is no topology: %s", path, wrong);
	else
		ret = tree_load_safely(path, &xml);
	free(text);
	if (ret == 0)
		*ret_tree = xml.tree;
	return ret;
}

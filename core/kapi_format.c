/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * printf's formats with the kernel's pointers. A format is taken apart conversion by conversion; libc prints each but
 * those of pointers, which are printed here and may read on: letters behind %p say what it points at.
 *
 * Unlike the kernel, which hashes plain pointers, an address is shown as it is: the log is its owner's alone.
 */
#include <dlfcn.h>
#include <limits.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <memhp/kapi_text.h>

#include "core/module.h"

#define SPEC_SIZE    64
#define ERRNO_MAX    4095
#define WORD_BITS    (8 * sizeof(unsigned long))
#define NAME_SIZE    128
#define HEX_SIZE_MAX 64 /* bytes, as in the kernel */

/* What is put down, and what would be if there were room. */
struct sink {
	char *buffer;
	size_t size, length;
};

/* One conversion of a format. */
struct spec {
	char text[SPEC_SIZE]; /* '%' to the conversion, asterisks replaced by their numbers */
	size_t length;
	int width; /* -1: none */
	int precision;
	char size[3]; /* "", h hh l ll z t j L */
	char conversion;
};

static void put(struct sink *sink, const char *bytes, size_t count)
{
	for (size_t i = 0; i < count; i++, sink->length++)
		if (sink->length + 1 < sink->size)
			sink->buffer[sink->length] = bytes[i];
}

__attribute__((format(printf, 2, 3))) static void print(struct sink *sink, const char *format, ...)
{
	size_t room = sink->length < sink->size ? sink->size - sink->length : 0;
	va_list arguments;
	int length;

	va_start(arguments, format);
	length = vsnprintf(room ? sink->buffer + sink->length : NULL, room, format, arguments);
	va_end(arguments);
	if (length > 0)
		sink->length += (size_t)length;
}

/* A text of @length in the field of a conversion. */
static void put_field(struct sink *sink, const struct spec *spec, const char *text, size_t length)
{
	bool left = memchr(spec->text, '-', spec->length) != NULL;
	size_t width = spec->width > 0 ? (size_t)spec->width : 0;

	for (size_t i = length; !left && i < width; i++)
		put(sink, " ", 1);
	put(sink, text, length);
	for (size_t i = length; left && i < width; i++)
		put(sink, " ", 1);
}

static void spec_add(struct spec *spec, char c)
{
	if (spec->length + 1 < SPEC_SIZE)
		spec->text[spec->length++] = c;
	spec->text[spec->length] = '\0';
}

/* A number or an asterisk; -1 where there is neither. */
static int take_count(const char **format, struct spec *spec, va_list *arguments)
{
	int count = -1;
	char digits[16];

	if (**format == '*') {
		++*format;
		count = va_arg(*arguments, int);
		snprintf(digits, sizeof(digits), "%d", count);
		for (const char *digit = digits; *digit; digit++)
			spec_add(spec, *digit);
		return count;
	}
	for (; **format >= '0' && **format <= '9'; ++*format) {
		count = (count < 0 ? 0 : count) * 10 + (**format - '0');
		count = count > SHRT_MAX ? SHRT_MAX : count;
		spec_add(spec, **format);
	}
	return count;
}

/* From behind the '%' to behind the conversion. */
static void take_spec(const char **format, struct spec *spec, va_list *arguments)
{
	size_t letters = 0;

	*spec = (struct spec){.width = -1, .precision = -1};
	spec_add(spec, '%');
	for (; **format && strchr("-+ #0", **format); ++*format)
		spec_add(spec, **format);
	spec->width = take_count(format, spec, arguments);
	if (**format == '.') {
		spec_add(spec, *(*format)++);
		spec->precision = take_count(format, spec, arguments);
		spec->precision = spec->precision < 0 ? 0 : spec->precision;
	}
	for (; **format && strchr("hlLqjzt", **format); ++*format) {
		spec_add(spec, **format);
		if (letters < sizeof(spec->size) - 1)
			spec->size[letters++] = **format;
	}
	spec->conversion = **format;
	if (**format)
		spec_add(spec, *(*format)++);
}

/* libc prints it, of the type that the conversion takes. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
static void print_number(struct sink *sink, const struct spec *spec, va_list *arguments)
{
	const char *size = spec->size;

	if (strcmp(size, "ll") == 0 || *size == 'q' || *size == 'L')
		print(sink, spec->text, va_arg(*arguments, long long));
	else if (*size == 'l')
		print(sink, spec->text, va_arg(*arguments, long));
	else if (*size == 'z')
		print(sink, spec->text, va_arg(*arguments, size_t));
	else if (*size == 't')
		print(sink, spec->text, va_arg(*arguments, ptrdiff_t));
	else if (*size == 'j')
		print(sink, spec->text, va_arg(*arguments, intmax_t));
	else
		print(sink, spec->text, va_arg(*arguments, int));
}

static void print_text(struct sink *sink, const struct spec *spec, const char *text)
{
	if (!text)
		text = "(null)";
	else if ((uintptr_t)text >= (uintptr_t)-ERRNO_MAX || (uintptr_t)text < 4096)
		text = "(efault)"; /* as the kernel, which looks before it reads */
	print(sink, spec->text, text);
}
#pragma GCC diagnostic pop

/* "name+0x1a/0x40 [module]"; without a symbol the address. */
static void print_symbol(struct sink *sink, const struct spec *spec, const void *address, bool offset)
{
	char text[2 * NAME_SIZE], module[NAME_SIZE];
	Dl_info info = {.dli_fname = NULL};
	size_t at;

	if (!dladdr(address, &info) || !info.dli_sname) {
		snprintf(text, sizeof(text), "0x%lx", (unsigned long)(uintptr_t)address);
		put_field(sink, spec, text, strlen(text));
		return;
	}
	mh_module_name(info.dli_fname, module, sizeof(module));
	at = (size_t)((uintptr_t)address - (uintptr_t)info.dli_saddr);
	if (offset)
		snprintf(text, sizeof(text), "%.*s+0x%zx [%s]", NAME_SIZE - 32, info.dli_sname, at, module);
	else
		snprintf(text, sizeof(text), "%.*s [%s]", NAME_SIZE - 32, info.dli_sname, module);
	put_field(sink, spec, text, strlen(text));
}

/* "-ENOMEM" for an error in the place of a pointer. */
static void print_error(struct sink *sink, const struct spec *spec, const void *pointer)
{
	long error = (long)(intptr_t)pointer;
	const char *name = error < 0 && error >= -ERRNO_MAX ? strerrorname_np((int)-error) : NULL;
	char text[NAME_SIZE];

	if (name)
		snprintf(text, sizeof(text), "-%s", name);
	else if (error < 0 && error >= -ERRNO_MAX)
		snprintf(text, sizeof(text), "%ld", error);
	else
		snprintf(text, sizeof(text), "%016lx", (unsigned long)error);
	put_field(sink, spec, text, strlen(text));
}

static bool bit_is_set(const unsigned long *bits, int bit)
{
	return bits[(size_t)bit / WORD_BITS] >> ((size_t)bit % WORD_BITS) & 1;
}

/* "0-3,7". */
static void print_bit_list(struct sink *sink, const unsigned long *bits, int count)
{
	const char *comma = "";

	for (int bit = 0; bit < count; bit++) {
		int last = bit;

		if (!bit_is_set(bits, bit))
			continue;
		while (last + 1 < count && bit_is_set(bits, last + 1))
			last++;
		if (last > bit)
			print(sink, "%s%d-%d", comma, bit, last);
		else
			print(sink, "%s%d", comma, bit);
		comma = ",";
		bit = last;
	}
}

/* Groups of 32 bits, the highest first and as wide as its bits. */
static void print_bit_words(struct sink *sink, const unsigned long *bits, int count)
{
	for (int group = (count + 31) / 32 - 1; group >= 0; group--) {
		int width = count - 32 * group < 32 ? count - 32 * group : 32;
		unsigned word = 0;

		for (int bit = 0; bit < width; bit++)
			word |= (unsigned)bit_is_set(bits, 32 * group + bit) << bit;
		print(sink, "%0*x%s", (width + 3) / 4, word, group ? "," : "");
	}
}

static void print_hex(struct sink *sink, const unsigned char *bytes, int count, char between)
{
	static const char *const betweens[] = {['C' - 'C'] = ":", ['D' - 'C'] = "-", ['N' - 'C'] = ""};
	const char *text = " ";

	if (between == 'C' || between == 'D' || between == 'N')
		text = betweens[between - 'C'];
	count = count < 1 ? 1 : count > HEX_SIZE_MAX ? HEX_SIZE_MAX : count;
	for (int i = 0; i < count; i++)
		print(sink, "%s%02x", i ? text : "", bytes[i]);
}

static void print_format(struct sink *sink, const struct va_format *format)
{
	size_t room = sink->length < sink->size ? sink->size - sink->length : 0;
	va_list arguments;
	int length;

	va_copy(arguments, *format->va);
	length = memhp_vsnprintf(room ? sink->buffer + sink->length : NULL, room, format->fmt, arguments);
	va_end(arguments);
	sink->length += (size_t)length;
}

static void print_plain(struct sink *sink, const struct spec *spec, const void *pointer, char kind)
{
	char text[32];

	if (kind && kind != 'K' && kind != 'x')
		snprintf(text, sizeof(text), "(%%p%c?)", kind);
	else
		snprintf(text, sizeof(text), "%0*lx", kind == 'x' ? 0 : 16, (unsigned long)(uintptr_t)pointer);
	put_field(sink, spec, text, strlen(text));
}

/* @letters: those behind %p, any number. */
static void print_pointer(struct sink *sink, const struct spec *spec, const char *letters, const void *pointer)
{
	/* What is pointed at is not there: the kernel looks before it reads, too. */
	bool readable = (uintptr_t)pointer >= 4096 && (uintptr_t)pointer < (uintptr_t)-ERRNO_MAX;

	switch (*letters) {
	case 'S':
	case 'B':
		print_symbol(sink, spec, pointer, true);
		return;
	case 's':
	case 'F':
	case 'f':
		print_symbol(sink, spec, pointer, false);
		return;
	case 'e':
		print_error(sink, spec, pointer);
		return;
	case 'b':
	case 'h':
	case 'V':
	case 'a':
		break;
	default:
		print_plain(sink, spec, pointer, *letters);
		return;
	}
	if (!readable)
		put_field(sink, spec, "(null)", 6);
	else if (*letters == 'b' && letters[1] == 'l')
		print_bit_list(sink, pointer, spec->width);
	else if (*letters == 'b')
		print_bit_words(sink, pointer, spec->width);
	else if (*letters == 'h')
		print_hex(sink, pointer, spec->width, letters[1]);
	else if (*letters == 'V')
		print_format(sink, pointer);
	else
		print(sink, "0x%016llx", *(const unsigned long long *)pointer);
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

static void print_one(struct sink *sink, const char **format, va_list *arguments)
{
	struct spec spec;
	const char *letters;

	take_spec(format, &spec, arguments);
	switch (spec.conversion) {
	case '%':
		put(sink, "%", 1);
		return;
	case 's':
		print_text(sink, &spec, va_arg(*arguments, const char *));
		return;
	case 'p':
		letters = *format;
		while (is_letter(**format))
			++*format;
		print_pointer(sink, &spec, letters == *format ? "" : letters, va_arg(*arguments, const void *));
		return;
	default:
		if (spec.conversion && strchr("diouxXc", spec.conversion))
			print_number(sink, &spec, arguments);
		else /* the kernel knows no other, floating point least of all */
			put(sink, spec.text, spec.length);
	}
}

int memhp_vsnprintf(char *buffer, size_t size, const char *format, va_list arguments)
{
	struct sink sink = {buffer, size > INT_MAX ? INT_MAX : size, 0};
	va_list rest;

	va_copy(rest, arguments);
	while (*format) {
		size_t length = strcspn(format, "%");

		put(&sink, format, length);
		format += length;
		if (!*format)
			break;
		format++;
		print_one(&sink, &format, &rest);
	}
	va_end(rest);
	if (sink.size)
		buffer[sink.length < sink.size ? sink.length : sink.size - 1] = '\0';
	return (int)sink.length;
}

int memhp_vscnprintf(char *buffer, size_t size, const char *format, va_list arguments)
{
	int length = memhp_vsnprintf(buffer, size, format, arguments);

	if (!size)
		return 0;
	return (size_t)length < size ? length : (int)size - 1;
}

int memhp_snprintf(char *buffer, size_t size, const char *format, ...)
{
	va_list arguments;
	int length;

	va_start(arguments, format);
	length = memhp_vsnprintf(buffer, size, format, arguments);
	va_end(arguments);
	return length;
}

int memhp_scnprintf(char *buffer, size_t size, const char *format, ...)
{
	va_list arguments;
	int length;

	va_start(arguments, format);
	length = memhp_vscnprintf(buffer, size, format, arguments);
	va_end(arguments);
	return length;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Bytes of HdrHistogram's encodings, shared by encode.c and decode.c. All numbers are big-endian.
 *
 * V1 and V2: a header of 40 bytes (cookie, bytes of counts, index offset, digits: 4 bytes each; lowest, highest, ratio:
 * 8 each), then the counts. V0: 32 bytes (cookie, digits, lowest, highest, total count: 4, 4, 8, 8, 8), then the
 * counts. Compressed: a cookie and the length of the zlib stream that holds the above. The low bits of a cookie tell
 * the version, bits 4 to 7 the bytes of a count (V2: always 1, LEB128).
 */
#ifndef RESULTS_CODEC_H
#define RESULTS_CODEC_H

#define MH_COOKIE_V0            0x1c849308u
#define MH_COOKIE_V0_COMPRESSED 0x1c849309u
#define MH_COOKIE_V1            0x1c849301u
#define MH_COOKIE_V1_COMPRESSED 0x1c849302u
#define MH_COOKIE_V2            0x1c849313u
#define MH_COOKIE_V2_COMPRESSED 0x1c849314u
#define MH_COOKIE_WORD_MASK     0xf0u

#define MH_HEADER_SIZE    40u
#define MH_HEADER_V0_SIZE 32u
#define MH_FRAME_SIZE     8u
#define MH_LEB128_MAX     9u                           /* bytes of a number */
#define MH_RATIO_ONE      UINT64_C(0x3ff0000000000000) /* 1.0 as a double */

#endif

/*
 * manual.h: the text of --help
 */
#ifndef SC_MANUAL_H
#define SC_MANUAL_H

extern const char sc_manual[];

#endif

/*
 * page_parts.h: what report.html is put together from, embedded when the program is built (embed.cmake): page/page.html with
 * {{NAME}} where something goes, its style and its script, and Leaflet's where the system has them (else they are empty).
 */
#ifndef LU_REPORT_PAGE_PARTS_H
#define LU_REPORT_PAGE_PARTS_H

#include <stddef.h>

#define LU_PAGE_PART(name)                                                                                             \
	extern const unsigned char lu_page_##name[];                                                                   \
	extern const size_t lu_page_##name##_size;
LU_PAGE_PART(html)
LU_PAGE_PART(css)
LU_PAGE_PART(js)
LU_PAGE_PART(charts)
LU_PAGE_PART(map)
LU_PAGE_PART(leaflet_css)
LU_PAGE_PART(leaflet_js)
LU_PAGE_PART(leaflet_licence)

#endif

/*
 * page_parts.h: what report.html and county.qgz are put together from, embedded when the program is built (embed.cmake): texts
 * with {{NAME}} where something goes (template.h) in page/ and project/, the page's style and scripts, and Leaflet where the
 * system has it (else it is empty). Each ends with a 0.
 */
#ifndef LU_REPORT_PAGE_PARTS_H
#define LU_REPORT_PAGE_PARTS_H

extern const unsigned char lu_part_page_html[], lu_part_page_css[], lu_part_page_js[], lu_part_parts_js[],
	lu_part_map_js[], lu_part_evidence_js[];
extern const unsigned char lu_part_leaflet_css[], lu_part_leaflet_js[], lu_part_leaflet_licence[];
extern const unsigned char lu_part_project_xml[], lu_part_raster_xml[], lu_part_vector_xml[], lu_part_layout_xml[];

#endif

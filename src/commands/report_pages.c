/* report_pages.c: project, page and figures; one browser prints the page and then shows every figure. See report_pages.h. */
#include "commands/report_pages.h"

#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "commands/browser.h"
#include "report/project.h"

static enum lu_status print_page(struct lu_browser *browser, const char *folder, struct lu_error *err)
{
	/* The page says so when its maps are drawn. */
	static const char ready[] = "document.body !== null && document.body.hasAttribute('data-ready')";
	char *page = lu_path_join(folder, LU_PAGE_NAME), *path = lu_path_join(folder, LU_PAGE_PRINTED), *bytes = NULL;
	size_t size;
	enum lu_status status;

	LU_TRY(page != NULL && path != NULL ? LU_OK : lu_fail(err, LU_ERROR_MEMORY, "out of memory: a path"));
	LU_TRY(lu_browser_show(browser, page, ready, err));
	LU_TRY(lu_browser_pdf(browser, &bytes, &size, err));
	LU_TRY(lu_file_write(path, bytes, size, err));
out:
	lu_free(bytes);
	lu_free(path);
	lu_free(page);
	return status;
}

/* "charts/x.svg" as "charts/x.png"; '*png' is for lu_free. */
static enum lu_status show_figure(struct lu_browser *browser, const char *folder, const struct lu_drawn_chart *chart,
				  char **png, struct lu_error *err)
{
	static const char ready[] = "document.readyState === 'complete'";
	const char *box = strstr(chart->svg, "viewBox=\"0 0 ");
	char *drawing = lu_path_join(folder, chart->file), *path = NULL, *bytes = NULL;
	int width = 0, height = 0;
	size_t size;
	enum lu_status status;

	*png = lu_sprintf("%.*s.png", (int)strlen(chart->file) - 4, chart->file);
	path = *png != NULL ? lu_path_join(folder, *png) : NULL;
	LU_TRY(drawing != NULL && path != NULL ? LU_OK : lu_fail(err, LU_ERROR_MEMORY, "out of memory: a path"));
	if (box == NULL || sscanf(box, "viewBox=\"0 0 %d %d", &width, &height) != 2)
		LU_TRY(lu_fail(err, LU_ERROR_FORMAT, "%s: has no size", drawing));
	LU_TRY(lu_browser_show(browser, drawing, ready, err));
	LU_TRY(lu_browser_png(browser, width, height, &bytes, &size, err));
	LU_TRY(lu_file_write(path, bytes, size, err));
out:
	lu_free(bytes);
	lu_free(path);
	lu_free(drawing);
	return status;
}

static enum lu_status print(const char *folder, const struct lu_charts *charts, const struct lu_hooks *hooks,
			    struct lu_outputs *outputs, struct lu_error *err)
{
	struct lu_browser *browser = NULL;
	char *program = NULL;
	enum lu_status status;

	LU_TRY(lu_browser_find(LU_PAGE_PRINTED, &program, err));
	LU_TRY(lu_browser_open(program, folder, hooks, &browser, err));
	LU_TRY(print_page(browser, folder, err));
	for (size_t i = 0; i < charts->count; i++) {
		char *png = NULL;
		status = show_figure(browser, folder, &charts->charts[i], &png, err);
		if (status == LU_OK)
			status = lu_outputs_add(outputs, err, "%s", png);
		lu_free(png);
		LU_TRY(status);
	}
	LU_TRY(lu_outputs_add(outputs, err, LU_PAGE_PRINTED));
out:
	lu_browser_close(browser);
	lu_free(program);
	return status;
}

enum lu_status lu_report_pages_write(const struct lu_page_files *files, bool printed, const struct lu_hooks *hooks,
				     struct lu_outputs *outputs, struct lu_error *err)
{
	struct lu_charts charts = {0};
	enum lu_status status;

	LU_TRY(lu_project_write(files, err));
	LU_TRY(lu_page_write(files, &charts, err));
	for (size_t i = 0; i < charts.count; i++)
		LU_TRY(lu_outputs_add(outputs, err, "%s", charts.charts[i].file));
	if (printed)
		LU_TRY(print(files->folder, &charts, hooks, outputs, err));
	LU_TRY(lu_outputs_add(outputs, err, LU_PROJECT_NAME));
	LU_TRY(lu_outputs_add(outputs, err, LU_PAGE_NAME));
out:
	lu_charts_release(&charts);
	return status;
}

/*
 * chip_request.h: what tile and label share of their options, as chipset takes it.
 */
#ifndef LU_COMMANDS_CHIP_REQUEST_H
#define LU_COMMANDS_CHIP_REQUEST_H

#include "chipset/chip_source.h"
#include "landuse/commands.h"

/* '*out' borrows from 'options'. A model that is named is read for the ground of its chips. */
enum lu_status lu_chip_request_make(const struct lu_chip_options *options, const struct lu_hooks *hooks,
				    struct lu_chip_request *out, struct lu_error *err);

#endif

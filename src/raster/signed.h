/*
 * signed.h: a file system of GDAL's, /vsisigned/, of files across a network that want a token which expires.
 *
 * "/vsisigned//vsicurl/https://..." is read as a signer says at the time: by another name, with a header. Where the server
 * refuses, the signer is asked for a new one and the file is opened again where it stood: who reads notices nothing. Only files
 * that were made known are there; names stay free of what signs them.
 */
#ifndef LU_RASTER_SIGNED_H
#define LU_RASTER_SIGNED_H

#include "base/error.h"

#define LU_SIGNED_PREFIX "/vsisigned/"

/*
 * '*name' (for lu_free) is how GDAL reads "/vsicurl/https://..." now, with a header (one line; NULL: none; for lu_free), and
 * '*number' which signature it is; where that is the present one's already, it was refused, and a new one is wanted.
 */
typedef enum lu_status (*lu_signer)(void *user, const char *path, unsigned *number, char **name, char **header,
				    struct lu_error *err);

/* Make LU_SIGNED_PREFIX 'path' known; 'user' must outlive lu_signed_forget. Not while others read such files. */
enum lu_status lu_signed_add(const char *path, lu_signer signer, void *user, struct lu_error *err);

/* All those of 'user' are known no more. */
void lu_signed_forget(const void *user);

#endif

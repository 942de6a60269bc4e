/*
 * guard.c: is this byte string safe to hand to protobuf-c?
 *
 * protobuf-c descends into nested messages by recursion, without a bound: a few hundred kilobytes
 * of messages inside messages end a program. This walk follows the same descriptors, counts the depth,
 * and checks that every field ends inside its message. ONNX graphs without control flow need
 * six levels (model, graph, node, attribute, tensor, segment).
 */
#include "nn/onnx/parts.h"

#define MAX_DEPTH 24

enum wire {
	WIRE_VARINT = 0,
	WIRE_64 = 1,
	WIRE_BYTES = 2,
	WIRE_32 = 5,
};

static bool read_varint(const uint8_t *bytes, size_t size, size_t *at, uint64_t *number)
{
	*number = 0;
	for (unsigned shift = 0; shift < 70; shift += 7) {
		uint8_t byte;

		if (*at >= size)
			return false;
		byte = bytes[(*at)++];
		if (shift < 64)
			*number |= (uint64_t)(byte & 127) << shift;
		if (byte < 128)
			return true;
	}
	return false;
}

static const char *walk(const ProtobufCMessageDescriptor *message, const uint8_t *bytes, size_t size, int depth)
{
	size_t at = 0;

	if (depth > MAX_DEPTH)
		return "messages are nested too deeply";
	while (at < size) {
		const ProtobufCFieldDescriptor *field;
		uint64_t key, length;
		const char *complaint;

		if (!read_varint(bytes, size, &at, &key))
			return "the file ends in the middle of a field";
		switch (key & 7) {
		case WIRE_VARINT:
			if (!read_varint(bytes, size, &at, &length))
				return "the file ends in the middle of a number";
			continue;
		case WIRE_64:
			length = 8;
			break;
		case WIRE_32:
			length = 4;
			break;
		case WIRE_BYTES:
			if (!read_varint(bytes, size, &at, &length))
				return "the file ends in the middle of a length";
			break;
		default:
			return "a field has an unknown wire type";
		}
		if (length > size - at)
			return "a field is longer than the file";
		field = key >> 3 > UINT32_MAX ? NULL
					      : protobuf_c_message_descriptor_get_field(message, (unsigned)(key >> 3));
		if (field != NULL && field->type == PROTOBUF_C_TYPE_MESSAGE && (key & 7) == WIRE_BYTES) {
			complaint = walk(field->descriptor, bytes + at, (size_t)length, depth + 1);
			if (complaint != NULL)
				return complaint;
		}
		at += (size_t)length;
	}
	return NULL;
}

const char *lu_onnx_guard(const ProtobufCMessageDescriptor *message, const void *bytes, size_t size)
{
	return walk(message, bytes, size, 0);
}

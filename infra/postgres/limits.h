// The bounds of this room.
#pragma once

#include <cstddef>

namespace kaogong::postgres {

/// Connections of one pool.
inline constexpr int kPoolConnectionsMax = 1000;
/// Bytes of an identifier: PostgreSQL cuts longer ones off, so that two names could become one.
inline constexpr size_t kIdentifierBytesMax = 63;
/// Parameters of one statement (the protocol's own bound is 65,535).
inline constexpr size_t kParamsMax = 1000;
/// Bytes of one parameter or one field of a COPY: PostgreSQL's own bound is 1 GB, less the overhead of its row.
inline constexpr size_t kValueBytesMax = size_t{1} << 29;
/// Statements that one connection keeps prepared or counts the uses of.
inline constexpr size_t kStatementsMax = 256;
/// A statement is prepared at this use by one connection; until then it is parsed each time, in one round trip.
inline constexpr int kPrepareAtUse = 3;
/// Connections of one pipeline, and statements of one read over it.
inline constexpr int kPipelineConnectionsMax = 64;
inline constexpr size_t kPipelineQueriesMax = 8;
/// Of one transaction of a pipeline: so that it is short, and few have to be asked again when one fails.
inline constexpr size_t kPipelineReadsMax = 32;
/// Bytes that COPY gathers before it hands them to the socket.
inline constexpr size_t kCopyBufferBytes = size_t{256} << 10;
/// Columns of a COPY: PostgreSQL's own bound of a table.
inline constexpr size_t kCopyColumnsMax = 1600;

static_assert(kCopyBufferBytes < kValueBytesMax);

}  // namespace kaogong::postgres

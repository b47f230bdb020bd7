// What a path of inputs names: `/v1/inputs/{scheme}/{period}/sheets/{sheet}/entries/{employee}?part=…`.
#pragma once

#include <optional>
#include <string>

#include "gateway/api/body.h"
#include "gateway/api/call.h"
#include "gateway/json/writer.h"
#include "tenants/inputs/entries.h"
#include "tenants/inputs/row_check.h"

namespace kaogong::api {

/// The set that the path names. Failure kNotFound: that is no period.
tenants::Result<tenants::InputSet> set_in_path(const Call& call);
/// The sheet of a path that goes on to one.
const std::string& sheet_in_path(const Call& call);
/// The entry of a path that goes on to one. Reads the query parameter `part`; a rater's is his own id unless given.
tenants::EntryKey key_in_path(const Call& call, Query& query);
/// Nothing: the caller may enter that. Raters may enter forms of their own: rows of child tables under their own part.
std::optional<http::Response> refuse_entry(const Call& call, const tenants::EntryKey& key, tenants::Scope scope);

/// What a sheet's columns are. Failures: kNotFound, as of document_for_entry().
tenants::Result<tenants::RowCheck> check_of(tenants::TenantTransaction& transaction, const tenants::InputSet& set,
                                            const std::string& sheet);

/// An entry's rows as objects: numbers and dates are strings, what is empty is null.
void write_rows(json::Writer& writer, const folder::FileSpec& sheet, const std::vector<std::string>& columns,
                const std::vector<std::vector<std::string>>& rows);
void write_row(json::Writer& writer, const folder::FileSpec& sheet, const std::vector<std::string>& columns,
               const std::vector<std::string>& row);

/// The tag of an entry's version.
std::string tag_of(int64_t change_id);

}  // namespace kaogong::api

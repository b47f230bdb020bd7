// All people of a tenant in one call.
#pragma once

#include "gateway/api/call.h"
#include "gateway/http/message.h"
#include "tenants/people/people_upload.h"

namespace kaogong::api {

/// PUT /v1/people.
http::Response load_people(Call& call);

/// Reads one JSON object a line: `employee`, `name`, `hired_on`, `left_on`, the attributes of
/// tenants::kPersonAttributes, and `extra`, an object of texts. What is left out or null the line does not say. Lines
/// that are no such object are refused. Gives how the body ended. Memory: one line and a buffer. Stops when the upload
/// is full.
http::BodySource::State read_people_lines(http::BodySource& body, tenants::PeopleUpload& upload);

}  // namespace kaogong::api

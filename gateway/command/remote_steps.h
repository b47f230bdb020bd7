// Commands at a server that take more than one call.
#pragma once

#include <string>
#include <string_view>

#include "gateway/command/command_line.h"
#include "gateway/json/document.h"

namespace kaogong::client {
class Client;
}

namespace kaogong::gateway {

int remote_scheme_publish(client::Client& client, const CommandLine& line);
int remote_tenant_quota(client::Client& client, const CommandLine& line);
int remote_tenant_export(client::Client& client, const CommandLine& line);
int remote_people_load(client::Client& client, const CommandLine& line);
int remote_calendar_load(client::Client& client, const CommandLine& line);
int remote_input_load(client::Client& client, const CommandLine& line);
int remote_input_export(client::Client& client, const CommandLine& line);
int remote_input_show(client::Client& client, const CommandLine& line);
int remote_input_check(client::Client& client, const CommandLine& line);
int remote_run_create(client::Client& client, const CommandLine& line);
int remote_run_year_end(client::Client& client, const CommandLine& line);
int remote_run_wait(client::Client& client, const CommandLine& line);
int remote_run_correct(client::Client& client, const CommandLine& line);
int remote_run_rejects(client::Client& client, const CommandLine& line);
int remote_run_diff(client::Client& client, const CommandLine& line);
int remote_run_verify(client::Client& client, const CommandLine& line);
int remote_audit_verify(client::Client& client, const CommandLine& line);
int remote_score(client::Client& client, const CommandLine& line);

}  // namespace kaogong::gateway

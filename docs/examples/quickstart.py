"""From a new tenant to a published result and its explanation: usage: quickstart.py SERVER OPERATOR_KEY

Uses nothing but Python's standard library. docs/quickstart.md does the same with curl.
"""

import json
import sys
import time
import urllib.error
import urllib.request
import uuid

TIMEOUT_SECONDS = 30
ATTEMPTS = 5


class Problem(Exception):
    """What the server refuses, as it says it (RFC 9457)."""

    def __init__(self, document):
        super().__init__(document.get("detail") or document.get("title"))
        self.document = document


class Kaogong:
    """The API, for one key."""

    def __init__(self, server, key, tenant=None):
        self.server = server.rstrip("/")
        self.fields = {"Authorization": "Bearer " + key}
        if tenant:
            self.fields["Kaogong-Tenant"] = tenant

    def get(self, path):
        return self.call("GET", path)

    def post(self, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        return self.call("POST", path, data, "application/json")

    def upload(self, path, rows):
        """Rows as NDJSON: an object a line."""
        lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        return self.call("POST", path, lines.encode(), "application/x-ndjson")

    def call(self, method, path, data=None, content_type=None):
        fields = dict(self.fields)
        if data is not None:
            fields["Content-Type"] = content_type
        if method != "GET":
            # Made once a call, not once an attempt: so that a call that is sent again is not done twice.
            fields["Idempotency-Key"] = str(uuid.uuid4())
        request = urllib.request.Request(self.server + path, data, fields, method=method)
        for attempt in range(1, ATTEMPTS + 1):
            try:
                with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as response:
                    body = response.read().decode()
                    is_json = response.headers.get_content_type() == "application/json"
                    return json.loads(body) if is_json else body
            except urllib.error.HTTPError as error:
                document = json.load(error)
                if error.code not in (429, 503) or attempt == ATTEMPTS:
                    raise Problem(document) from None
                time.sleep(int(error.headers.get("Retry-After", "1")))
            except OSError:
                # Whether it was done is not known. The key makes it safe to ask again.
                if attempt == ATTEMPTS:
                    raise
                time.sleep(attempt)


def main(server, operator_key):
    operator = Kaogong(server, operator_key)
    operator.post("/v1/tenants", {"id": "shunxing", "name": "顺行物流 Shunxing Logistics"})
    operator.fields["Kaogong-Tenant"] = "shunxing"
    key = operator.post("/v1/keys", {"role": "tenant_admin", "label": "quick start"})["key"]

    api = Kaogong(server, key)
    api.post("/v1/people", {"employee": "E1", "name": "林晓", "hired_on": "2024-03-01"})
    api.post("/v1/templates/sales-monthly/install", {})
    api.post("/v1/periods", {"period": "2026-10"})

    inputs = "/v1/inputs/sales-monthly/2026-10/sheets/"
    population = [{"employee": "E1", "post": "representative", "step_total": "8000.00", "band": "B",
                   "hire_date": "2024-03-01", "target": "500000.00", "actual": "540000.00"}]
    kpis = [{"employee": "E1", "kpi": "new customers", "weight": "0.40", "attainment": "0.95"},
            {"employee": "E1", "kpi": "payments in time", "weight": "0.60", "attainment": "1.00"}]
    for sheet, rows in (("population", population), ("kpis", kpis)):
        done = api.upload(inputs + sheet, rows)
        print(f"{sheet}: {done['lines']} lines, {done['refused_lines']} refused")

    operation = api.post("/v1/runs", {"scheme": "sales-monthly", "period": "2026-10"})
    while not operation["done"]:
        time.sleep(0.2)
        operation = api.get("/v1/operations/" + operation["id"])
    print("run", operation["run"], operation["state"])
    api.post(f"/v1/runs/{operation['run']}/approve")
    api.post(f"/v1/runs/{operation['run']}/publish")

    result = "/v1/results/sales-monthly/2026-10/E1"
    print("monthly pay:", api.get(result)["values"]["monthly_pay"])
    print(api.get(result + "/explanation?value=monthly_pay&format=text"))
    print(api.get(result + "/payslip?format=text&lang=zh"))

    try:
        api.get("/v1/results/sales-monthly/2026-10/nobody")
    except Problem as problem:
        print("refused:", problem)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2])

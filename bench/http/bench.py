#!/usr/bin/env python3
"""Runs the servers beside each other and prints each figure as a ratio to nginx in the same repetition; called by run.sh.
Servers are pinned to core 0, the load and the back ends' clients to core 1: with more cores nothing changes but noise."""
import json, os, re, socket, statistics, subprocess, sys, threading, time

program, repetitions, seconds = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
here, work = os.path.dirname(os.path.abspath(__file__)), os.getcwd()
key, employee = open("key").read().strip(), open("employee").read().strip()
TICK = os.sysconf("SC_CLK_TCK")
AUTH = ["-H", f"Authorization: Bearer {key}"]
RESULTS = "/v1/results/kitchen-monthly/2026-07/"
RESULT = RESULTS + employee
started = []


def start(command, log, env=None, stdout=None):
    process = subprocess.Popen(["taskset", "-c", "0", *command], stdout=stdout or open(log, "w"), stderr=open(log + ".err", "w"),
                               env={**os.environ, **(env or {})}, text=True)
    started.append(process)
    return process


def wait_port(port):
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), 0.2).close()
            return
        except OSError:
            time.sleep(0.05)
    sys.exit(f"nobody listens at {port}")


def kaogong(*settings, env=None):
    sets = [word for s in ("server.port=0", "server.io_threads=1", "server.access_log=false", "log.level=error",
                           "server.connections_max=20000", *settings) for word in ("--set", s)]
    process = start([program, "serve", *sets], f"kaogong{len(started)}.log", env, subprocess.PIPE)
    return process, int(process.stdout.readline().rsplit(":", 1)[1])


def nginx(body):
    """Answers with `body`; at 18443 the same over TLS."""
    open("nginx.conf", "w").write(f"""worker_processes 1; daemon off; pid {work}/nginx.pid; error_log {work}/nginx.err;
events {{ worker_connections 20000; }}
http {{ access_log off; keepalive_requests 1000000000; client_body_temp_path {work}; proxy_temp_path {work}; fastcgi_temp_path {work};
uwsgi_temp_path {work}; scgi_temp_path {work};
server {{ listen 127.0.0.1:18080; listen 127.0.0.1:18443 ssl; ssl_certificate {work}/tls.crt; ssl_certificate_key {work}/tls.key;
default_type application/json; location / {{ return 200 '{body}'; }} }} }}""")
    process = start(["nginx", "-c", f"{work}/nginx.conf"], "nginx.log")
    wait_port(18080)
    return process, 18080


def family(pid):
    pids = [pid]
    try:
        for task in os.listdir(f"/proc/{pid}/task"):
            for child in open(f"/proc/{pid}/task/{task}/children").read().split():
                pids += family(int(child))
    except OSError:
        pass
    return pids


def cpu(pid):
    total = 0
    for one in family(pid):
        try:
            fields = open(f"/proc/{one}/stat").read().rsplit(")", 1)[1].split()
            total += int(fields[11]) + int(fields[12])
        except OSError:
            pass
    return total / TICK


def memory_kb(pid):
    total = 0
    for one in family(pid):
        try:
            total += int(re.search(r"RssAnon:\s+(\d+)", open(f"/proc/{one}/status").read()).group(1))
        except (OSError, AttributeError):
            pass
    return total


LUA = """done = function(s, l, r)
  local e = s.errors
  io.stderr:write(string.format('JSON {"n":%d,"us":%d,"p50":%d,"p99":%d,"p999":%d,"bad":%d}', s.requests, s.duration,
    l:percentile(50), l:percentile(99), l:percentile(99.9), e.connect + e.read + e.write + e.status + e.timeout))
end
"""
open("get.lua", "w").write(LUA)
# One employee after another: what is asked for is not what was asked for a moment ago.
open("each.lua", "w").write("""local requests, i = {}, 0
init = function(args)
  for employee in io.lines("employees") do requests[#requests + 1] = wrk.format("GET", wrk.path .. employee) end
end
request = function()
  i = i % #requests + 1
  return requests[i]
end
""" + LUA)
SCHEME = """kaogong: 1
id: small
version: 1
labels: {zh: 测试, en: Test}
periods: [month]
inputs:
  wage: {type: money, min: 0}
parameters:
  rate: {type: rate, default: 0.1}
decisions:
  bonus: {type: money, expr: 'wage * rate'}
outputs: [bonus]
"""


def score_body(people):
    return json.dumps({"document": SCHEME, "period": "2026-10", "sheets": {"population": [
        {"employee": f"E{i:06}", "wage": f"{5000 + i}.25"} for i in range(people)]}})


open("post.json", "w").write(score_body(85))
open("rows.json", "w").write(json.dumps({"rows": [{"employee": f"E{i:06}", "wage": f"{5000 + i}.25"} for i in range(95)]}))
open("rows.lua", "w").write('wrk.method="POST" wrk.body=io.open("rows.json"):read("*a") wrk.headers["Content-Type"]="application/json"\n' + LUA)
open("post.lua", "w").write('wrk.method="POST" wrk.body=io.open("post.json"):read("*a") wrk.headers["Content-Type"]="application/json"\n' + LUA)


def load(process, port, path, connections, headers, script="get.lua", scheme="http"):
    before = cpu(process.pid)
    out = subprocess.run(["taskset", "-c", "1", "wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency", "-s", script, *headers,
                          f"{scheme}://127.0.0.1:{port}{path}"], capture_output=True, text=True)
    found = re.search(r"JSON (\{.*\})", out.stderr)
    if not found:
        sys.exit(out.stdout + out.stderr)
    figures = json.loads(found.group(1))
    figures["rps"] = figures["n"] / (figures["us"] / 1e6)
    figures["memory"] = memory_kb(process.pid) / 1024
    figures["cpu_us"] = (cpu(process.pid) - before) / max(1, figures["n"]) * 1e6
    return figures


def table(rows):
    """rows: (name, process, port, path, connections, headers, script[, scheme]); the first is the measure."""
    for row in rows:
        load(*row[1:])  # warms up
    all_figures = {row[0]: [] for row in rows}
    for repetition in range(repetitions):
        for row in rows if repetition % 2 == 0 else rows[::-1]:
            all_figures[row[0]].append(load(*row[1:]))
    if any(figures["bad"] > figures["n"] / 1000 for several in all_figures.values() for figures in several):
        print("a row has answers that are no success: see the last column")
    print(f"{'':34}{'req/s':>9}{'x':>7}{'cpu us':>8}{'x cpu':>7}{'p50 us':>8}{'p99 us':>8}{'p99.9':>8}{'MB':>7}{'bad':>6}")
    base = all_figures[rows[0][0]]
    for name, figures in all_figures.items():
        def median(field):
            return statistics.median(f[field] for f in figures)
        ratio = statistics.median(f["rps"] / b["rps"] for f, b in zip(figures, base))
        ratio_cpu = statistics.median(f["cpu_us"] / max(b["cpu_us"], 0.01) for f, b in zip(figures, base))
        print(f"{name:34}{median('rps'):9.0f}{ratio:7.2f}{median('cpu_us'):8.2f}{ratio_cpu:7.2f}{median('p50'):8.0f}{median('p99'):8.0f}"
              f"{median('p999'):8.0f}{max(f['memory'] for f in figures):7.1f}{sum(f['bad'] for f in figures):6}", flush=True)


OPEN_LOOP = os.path.join(os.path.dirname(program), "bench", "open_loop")


def open_loop(rows, rate):
    """rows as of table(). So many requests a second whatever becomes of them, timed from when they were due."""
    print(f"\n{rate} requests a second, open loop{'':12}{'p50 us':>8}{'p99 us':>8}{'p99.9':>8}{'max':>8}{'late':>6}{'bad':>6}")
    for name, process, port, path, connections, headers, script in rows:
        asked = path if script == "get.lua" else "@paths"
        open("paths", "w").writelines(path + one for one in open("employees"))
        out = subprocess.run(["taskset", "-c", "1", OPEN_LOOP, str(port), asked, str(rate), str(seconds), str(connections), *headers[1:]],
                             capture_output=True, text=True)
        if out.returncode != 0:
            sys.exit(out.stdout + out.stderr)
        f = json.loads(out.stdout)
        print(f"{name:39}{f['p50']:8}{f['p99']:8}{f['p999']:8}{f['max']:8}{f['asked'] - f['answered']:6}{f['bad']:6}", flush=True)


def get(port, path, headers=""):
    with socket.create_connection(("127.0.0.1", port)) as client:
        client.sendall(f"GET {path} HTTP/1.1\r\nHost: b\r\nConnection: close\r\n{headers}\r\n".encode())
        answer = b""
        while piece := client.recv(65536):
            answer += piece
    return answer


def idle(name, process, port, path, headers, count):
    request = f"GET {path} HTTP/1.1\r\nHost: b\r\n{headers}\r\n".encode()
    before, clients = memory_kb(process.pid), []
    for _ in range(count):
        client = socket.create_connection(("127.0.0.1", port))
        client.sendall(request)
        client.recv(65536)
        clients.append(client)
    time.sleep(1)
    used, at = memory_kb(process.pid) - before, cpu(process.pid)
    time.sleep(3)
    print(f"{name:34}{used * 1024 / count:9.0f} bytes a connection, {(cpu(process.pid) - at) / 3 * 100:5.2f} % of a core while idle",
          flush=True)
    for client in clients:
        client.close()


def main():
    subprocess.run("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=localhost "
                   "-keyout tls.key -out tls.crt", shell=True, check=True, capture_output=True)
    hot, hot_port = kaogong()
    tls, tls_port = kaogong(f"server.tls_certificate_path={work}/tls.crt", f"server.tls_key_path={work}/tls.key")
    by_redis, redis_port = kaogong("server.results_bytes_max=0")
    by_database, database_port = kaogong("server.results_bytes_max=0", "redis.endpoint=")
    by_threads, threads_port = kaogong("server.results_connections=0", "redis.endpoint=")
    auth = f"Authorization: Bearer {key}\r\n"
    body = get(threads_port, RESULT, auth).split(b"\r\n\r\n", 1)[1].decode()
    if '"values"' not in body:
        sys.exit(f"no result is served: {body}")
    measure, measure_port = nginx(body)
    fastify = None
    if os.path.isdir("node_modules/fastify"):
        fastify = start(["node", "fastify.js", "18082"], "fastify.log")
        wait_port(18082)

    def fast(path, connections=64, script="get.lua"):
        return [(f"fastify {path[1:]}", fastify, 18082, path, connections, [], script)] if fastify else []

    def base(connections=64):
        return ("nginx, the same answer", measure, measure_port, "/", connections, [], "get.lua")

    for connections in (64, 256):
        print(f"\n{connections} connections: published results, with key, tenant, scope, rate limit and metrics")
        table([base(connections), ("kaogong, from memory", hot, hot_port, RESULT, connections, AUTH, "get.lua"),
               ("kaogong, from memory, 1,000 people", hot, hot_port, RESULTS, connections, AUTH, "each.lua"),
               ("kaogong, from Redis, 1,000 people", by_redis, redis_port, RESULTS, connections, AUTH, "each.lua"),
               ("kaogong, PostgreSQL, 1,000 people", by_database, database_port, RESULTS, connections, AUTH, "each.lua"),
               *([("kaogong, PostgreSQL by threads", by_threads, threads_port, RESULTS, connections, AUTH, "each.lua")]
                 if connections == 64 else []),
               *([("kaogong /livez", hot, hot_port, "/livez", connections, [], "get.lua")] if connections == 64 else []),
               *fast("/memory", connections), *fast("/redis", connections), *fast("/postgres", connections)])
    print("\n64 connections over TLS")
    table([("nginx, the same answer", measure, 18443, "/", 64, [], "get.lua", "https"),
           ("kaogong, from memory", tls, tls_port, RESULT, 64, AUTH, "get.lua", "https"),
           ("kaogong, from memory, 1,000 people", tls, tls_port, RESULTS, 64, AUTH, "each.lua", "https")])
    if os.path.exists(OPEN_LOOP):
        for rate in (10000, 30000):
            open_loop([base(), ("kaogong, from memory", hot, hot_port, RESULT, 64, AUTH, "get.lua"),
                       ("kaogong, from Redis, 1,000 people", by_redis, redis_port, RESULTS, 64, AUTH, "each.lua"),
                       *([("kaogong, PostgreSQL, 1,000 people", by_database, database_port, RESULTS, 64, AUTH, "each.lua")]
                         if rate < 20000 else [])], rate)
    else:
        print("\nno open loop: build the target open_loop")
    print("\n4 KB of JSON: read, checked, computed and answered (POST /v1/score); Fastify only reads it")
    table([base(), ("kaogong, POST /v1/score", hot, hot_port, "/v1/score", 64, AUTH, "post.lua"), *fast("/json", 64, "rows.lua")])

    print("\np99 of reads from memory (16 connections): alone, and while two clients score 8,000 people a call")
    large = score_body(8000).encode()
    request = (f"POST /v1/score HTTP/1.1\r\nHost: b\r\n{auth}Content-Type: application/json\r\n"
               f"Content-Length: {len(large)}\r\n\r\n").encode() + large
    load(hot, hot_port, RESULT, 16, AUTH)
    alone = [load(hot, hot_port, RESULT, 16, AUTH)["p99"] for _ in range(repetitions)]
    stop, done = threading.Event(), []

    def post():
        while not stop.is_set():
            with socket.create_connection(("127.0.0.1", hot_port)) as client:
                client.sendall(request)
                done.append(client.recv(65536)[9:12])
    posters = [threading.Thread(target=post) for _ in range(2)]
    for poster in posters:
        poster.start()
    beside = [load(hot, hot_port, RESULT, 16, AUTH)["p99"] for _ in range(repetitions)]
    stop.set()
    for poster in posters:
        poster.join()
    print(f"alone {statistics.median(alone)} us, beside {statistics.median(beside)} us "
          f"({statistics.median(beside) / max(1, statistics.median(alone)):.1f} x); calls that were scored: "
          f"{done.count(b'200')} of {len(done)}")

    print("\nidle connections after a request")
    count = int(os.environ.get("IDLE", "10000"))
    idle("nginx", measure, measure_port, "/", "", count)
    idle("kaogong", hot, hot_port, RESULT, auth, count)


try:
    main()
finally:
    for process in started:
        process.terminate()
    for process in started:
        process.wait()

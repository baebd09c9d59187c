#!/usr/bin/python3 -BS
"""oci-import.py [RULE...] -- COMMAND...: runs COMMAND beside a small identity domain of Oracle's on loopback:
as much of /storage/v1/Files and /job/v1 as imports of users and groups take, strict about it.  SCIM_URL
and SCIM_TOKEN are set for COMMAND.  A RULE is METHOD/RESOURCE:KIND@N for the Nth such request, without
"@N" for each ("POST/Files:lost@1"), KIND being

    lost     carried out, and the connection closed without an answer
    cut      not carried out, and closed
    STATUS   not carried out, and answered with this status
    empty    (GET) answered with a list of none, whatever there is
    silent   (GET/UserImportJobReports) no reports of rows that went well
    failed   (GET/JobHistories) the job ended as "failed", with nothing done
    unwell   (GET/JobHistories) the job ended as "failed", with all that was to be done
    over     (GET/JobHistories) the job is over at the first look
    others   (GET/JobHistories) as if there were no filter: other schedules' jobs, of other types, and runs
             of this schedule from before and from after
    twice    (GET/UserImportJobReports) of rows that failed another report before, of one that went well
    strange  (GET/UserImportJobReports) as if there were no filter: another job's reports too
    untyped  (GET/...JobReports) reports without a type: their status tells, but the second has none
    terse    (GET/JobSchedules) the schedule without its parameters
    capital  (GET/JobHistories) the job ended as "Succeeded"
    nothing  carried out, and answered with 200 and an empty body
    hollow   carried out, and answered with 200 and an empty object

A job is not begun at the first look, half done at the second and over at the third.  A user without a
name of three characters fails, and so does a group with members who are not there.  Ends with COMMAND's
status; DUMP in the environment is the file for what the domain has then: {"users":{name:row},
"groups":{name:[member]},"jobs":[type],"wrong":[what was against the documentation]}.
"""
import csv
import io
import json
import os
import re
import socket
import subprocess
import sys
import threading
import urllib.parse

import lean_http

TOKEN = "canary-of-the-bearer-token"
SCHEDULE = "urn:ietf:params:scim:schemas:oracle:idcs:JobSchedule"
EXTENSION = "urn:ietf:params:scim:schemas:oracle:idcs:extension:"


def unguard(cell):
    return cell[1:-1] if re.fullmatch("'[@+=|%-].*'", cell) else cell


class Domain:
    def __init__(self):
        self.users, self.groups, self.files, self.jobs, self.wrong = {}, {}, {}, [], []

    def expect(self, good, what):
        if not good:
            self.wrong.append(what)

    def store(self, kind, body):
        boundary = re.fullmatch(r"multipart/form-data; boundary=(\S{1,70})", kind)
        self.expect(boundary, f"Content-Type: {kind}")
        parts = body.split(b"--" + boundary[1].encode())
        self.expect(parts[0] == b"" and parts[-1] == b"--\r\n", "the form's ends")
        form = {}
        for part in parts[1:-1]:
            head, _, value = part.partition(b"\r\n\r\n")
            self.expect(value.endswith(b"\r\n") and head.startswith(b"\r\n"), "a part's ends")
            form[re.search(rb'; name="([^"]+)"', head)[1].decode()] = value[:-2]
        self.expect(set(form) == {"fileName", "contentType", "isPublic", "file"}, f"parts: {sorted(form)}")
        self.expect(re.fullmatch(b"[!-~]+[.]csv", form["fileName"]), "the file's name")
        self.expect((form["contentType"], form["isPublic"]) == (b"text/csv", b"false"), "the parts' values")
        name = "files/202611220000/" + form["fileName"].decode()
        self.files[name] = form["file"].decode("utf-8")
        return {"fileName": name, "isPublic": False, "fileUrl": "https://x/" + name}

    def schedule(self, job):
        parameters = {p["name"]: p["value"] for p in job["parameters"]}
        self.expect(set(job) == {"schemas", "jobType", "runNow", "parameters"} and job["schemas"] == [SCHEDULE] and
                    job["runNow"] is True, f"a schedule: {job}")
        self.expect(set(parameters) == {"fileLocation", "fileType"} and parameters["fileType"] == "csv", "parameters")
        rows = list(csv.DictReader(io.StringIO(self.files[parameters["fileLocation"]], newline=""), strict=True))
        number = len(self.jobs)
        answer = {"id": f"schedule-{number}", "jobType": job["jobType"], "parameters": job["parameters"],
                  "schemas": [SCHEDULE], "runAt": "2026-11-22T00:00:00.000Z"}
        self.jobs.append({"type": job["jobType"], "rows": rows, "looks": 0, "reports": [], "schedule": answer})
        return answer

    def run(self, job):
        for row in job["rows"]:
            if job["type"] == "UserImport":
                name = unguard(row["User ID"])
                good = len(name) >= 3
                status = ("Update" if name.lower() in self.users else "Create") + (" Succeeded" if good else " Failed")
                if good:
                    self.users[name.lower()] = row
                more = {"userId": name, "status": status, "lastName": row["Last Name"]}
                message = "User Imported Successfully." if good else "The user name canary-value is too short."
            else:
                name = unguard(row["Display Name"])
                members = [m.lower() for m in row["User Members"].split(";") if m]
                there = [m for m in members if m in self.users]
                good = there == members
                self.groups.setdefault(name, []).extend(there)
                more = {"displayName": name, "failRows": 0, "succRows": 1, "totalMembers": len(members),
                        "failMembers": len(members) - len(there), "succMembers": len(there)}
                message = "-"
            job["reports"].append({"good": good, "type": "info" if good else "error", "message": message, "more": more})

    def history(self, number, job, kind):
        job["looks"] = 3 if kind == "over" and not job["reports"] else job["looks"] + 1
        if job["looks"] == 1:
            return []
        if job["looks"] == 3:
            self.run(job)
        failed = sum(not r["good"] for r in job["reports"])
        one = {"id": f"history{number}", "startTime": "2026-11-22T00:00:00.010Z", "jobScheduleId": f"schedule-{number}", "jobType": job["type"],
               "status": "succeeded" if job["looks"] > 2 else "running", "percentage": 100 if job["looks"] > 2 else 50,
               "successCount": len(job["reports"]) - failed, "failureCount": failed, "totalCount": len(job["rows"])}
        if job["looks"] > 2:
            one["endTime"] = "2026-11-22T00:00:01.000Z"
        if kind == "failed":
            one.update(status="failed", successCount=0)
        if kind == "unwell" and one["percentage"] == 100:
            one["status"] = "failed"
        if kind == "capital" and one["percentage"] == 100:
            one["status"] = "Succeeded"
        return [one]

    @staticmethod
    def others(one):
        """Histories that are not one's, all over and well, and one's own in the middle of them."""
        over = {**one, "status": "succeeded", "successCount": one["totalCount"], "failureCount": 0,
                "endTime": "2026-11-22T00:00:01.000Z", "id": "history9"}
        before = [{**over, "jobScheduleId": f"schedule-{n}"} for n in range(9, 70)]
        return before + [{**over, "startTime": "2026-11-20T00:00:00.000Z"}, {**over, "jobType": "AppRoleImport"},
                         {**over, "startTime": "2026-11-22T00:30:00.000Z"}, one, *before]

    def reports(self, job, kind):
        name = EXTENSION + ("UserImport:JobReport" if job["type"] == "UserImport" else "groupImportSummary:JobReport")
        reports = [{"type": r["type"], "message": r["message"], "historyId": f"history{self.jobs.index(job)}",
                    name: r["more"]} for r in job["reports"] if kind != "silent" or not r["good"]]
        if kind == "twice":
            return [{**r, "type": "info", "message": "read"} for r in reports if r["type"] == "error"] + reports
        if kind == "untyped":
            for n, r in enumerate(reports):
                del r["type"]
                if job["type"] == "GroupImport":
                    r["status"] = "Create Succeeded"
                elif n == 1:
                    r[name] = {k: v for k, v in r[name].items() if k != "status"}
        if kind == "strange":
            return [{**r, "historyId": "history9", "type": "error", "message": "another's"} for r in reports] + reports
        return reports

    def look(self, resource, query, kind):
        filters = {"JobHistories": "jobScheduleid", "UserImportJobReports": "historyId",
                   "GroupImportSummaryJobReports": "historyId"}
        found = re.fullmatch(r'(\w+) eq "(?:schedule-|history)(\d+)"', query["filter"])
        self.expect(found and found[1] == filters[resource] and set(query) == {"filter", "startIndex", "count"},
                    f"{resource}: {query}")
        number = int(found[2])
        if kind == "empty" or number >= len(self.jobs):
            all_of_them = []
        elif resource == "JobHistories":
            all_of_them = self.history(number, self.jobs[number], kind)
            if kind == "others" and all_of_them:
                all_of_them = self.others(all_of_them[0])
        else:
            self.expect(resource.startswith(self.jobs[number]["type"]), resource)
            all_of_them = self.reports(self.jobs[number], kind)
        start = int(query["startIndex"])
        return {"schemas": ["urn:scim:api:messages:2.0:ListResponse"], "totalResults": len(all_of_them),
                "startIndex": start, "Resources": all_of_them[start - 1:][:min(int(query["count"]), 30 if len(all_of_them) > 100 else 3)]}


class Handler(lean_http.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def carry_out(self, url, kind, body):
        domain, resource = self.server.domain, url.path.split("/")[-1]
        if (self.command, url.path) == ("POST", "/storage/v1/Files"):
            return 201, domain.store(self.headers["Content-Type"], body)
        if (self.command, url.path) == ("POST", "/job/v1/JobSchedules"):
            domain.expect(self.headers["Content-Type"] == "application/scim+json", "JobSchedules: Content-Type")
            return 201, domain.schedule(json.loads(body))
        found = re.fullmatch("/job/v1/JobSchedules/schedule-([0-9]+)", url.path)
        if self.command == "GET" and found:
            number = int(found[1])
            if number >= len(domain.jobs):
                return 404, {}
            schedule = domain.jobs[number]["schedule"]
            return 200, {k: v for k, v in schedule.items() if kind != "terse" or k != "parameters"}
        if self.command == "GET" and url.path.startswith("/job/v1/"):
            return 200, domain.look(resource, dict(urllib.parse.parse_qsl(url.query)), kind)
        domain.expect(False, f"{self.command} {url.path}")
        return 404, {}

    def answer(self, status, value):
        data = value if isinstance(value, bytes) else json.dumps(value).encode()
        self.send_response_only(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def handle_all(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        url = urllib.parse.urlsplit(self.path)
        with self.server.lock:
            self.server.domain.expect(self.headers["Authorization"] == "Bearer " + TOKEN, "Authorization")
            kind = self.server.kind(f"{self.command}/{url.path.split('/')[3]}")
            if kind == "cut" or kind.isdigit():
                status, value = int(kind) if kind.isdigit() else 0, {"detail": "canary-value"}
            else:
                status, value = self.carry_out(url, kind, body)
        if kind == "nothing":
            status, value = 200, b""
        if kind == "hollow":
            status, value = 200, {}
        if kind in ("lost", "cut"):
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
        else:
            self.answer(status, value)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = handle_all

    def log_message(self, *args):
        pass


class Server(lean_http.ThreadingHTTPServer):
    def __init__(self, rules):
        super().__init__(("127.0.0.1", 0), Handler)
        self.domain, self.lock, self.count = Domain(), threading.Lock(), {}
        self.rules = [re.fullmatch(r"(.*):([^@]*)(?:@(\d+))?", r).groups() for r in rules]

    def kind(self, request):
        self.count[request] = self.count.get(request, 0) + 1
        for name, kind, number in self.rules:
            if name == request and (number is None or int(number) == self.count[request]):
                return kind
        return ""

    def handle_error(self, request, client_address):
        error = sys.exc_info()[1]
        if not isinstance(error, OSError):
            self.domain.wrong.append(repr(error))


def main():
    split = sys.argv.index("--")
    server = Server(sys.argv[1:split])
    threading.Thread(target=server.serve_forever, daemon=True).start()
    status = subprocess.run(sys.argv[split + 1:], check=False, env=dict(
        os.environ, SCIM_URL=f"http://127.0.0.1:{server.server_port}/admin/v1", SCIM_TOKEN=TOKEN)).returncode
    domain = server.domain
    if "DUMP" in os.environ:
        with open(os.environ["DUMP"], "w", encoding="utf-8") as dump:
            json.dump({"users": domain.users, "groups": domain.groups, "jobs": [j["type"] for j in domain.jobs],
                       "wrong": domain.wrong}, dump)
    return status if status >= 0 else 128 - status


if __name__ == "__main__":
    sys.exit(main())

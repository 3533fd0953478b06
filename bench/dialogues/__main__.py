"""Runs task dialogues through the real REST door and compare with `minglu bookings list --json`.

  python -m bench.dialogues bench/dialogues/third.json --project . [--out F] [--only id,id] [-v]

One server per distinct `now` (fresh data folder, own ports). Before each dialogue the slots of the
one before are withdrawn (status=cancelled), so that only its own are on offer; ids are made unique.
Only the standard library is needed.
"""

import argparse
import csv
import io
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from click.testing import CliRunner

from minglu.__main__ import cli

# what was asked -> keys of `when_asked`, first match wins
ASKED = [
    ("confirm", r"请核对|确定取消吗|对吗？|对不对"),
    ("full", r"满了。?您可以|已经满|排候补.*不约了"),
    ("consent", r"同意"),
    ("reference", r"预约编号|说一下.*编号"),
    ("phone", r"手机号|电话号|最后四位"),
    ("name", r"叫什么名字|姓名|您贵姓"),
    ("needs", r"有人陪|需要手语|您需要什么"),
    ("low_income", r"低保家庭吗"),
    ("study", r"在读的大学生"),
    ("age", r"多大岁数|年龄|多大年纪"),
    ("residence", r"农村还是城镇"),
    ("disability", r"残疾是哪一类"),
    ("goal", r"自己创业，还是|找工作、"),
    ("booking", r"您要改的是哪一个"),
    ("date", r"第几个？|要报这一期|要哪一期|哪天"),
    ("course", r"哪个班|报什么班"),
]
SAME = {"needs": ["needs", "companion"], "confirm": ["confirm"]}


def free():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Server:
    def __init__(self, project, now):
        self.project, self.dir = Path(project).resolve(), Path(tempfile.mkdtemp(prefix="exam-"))
        models = self.project / "var" / "models"
        if models.is_dir():
            (self.dir / "models").mkdir()
            for f in models.glob("*.tar.gz"):
                (self.dir / "models" / f.name).symlink_to(f)
        self.port = free()
        self.env = {k: v for k, v in os.environ.items() if not k.startswith("MINGLU_")} | {
            "MINGLU_DATA_DIR": str(self.dir),
            "MINGLU_NOW": now,
            "MINGLU_PORT": str(free()),
            "MINGLU_RASA_PORT": str(self.port),
            "MINGLU_ACTION_PORT": str(free()),
        }
        self.log = open(self.dir / "run.log", "w")
        self.proc = subprocess.Popen(
            [".venv/bin/minglu", "run"],
            cwd=self.project,
            env=self.env,
            stdout=self.log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        end = time.time() + 240
        while True:
            if self.proc.poll() is not None or time.time() > end:
                sys.exit(f"server did not start, see {self.dir}/run.log")
            try:
                if self.say("warm", "你好"):
                    break
            except OSError:
                time.sleep(1)

    def say(self, sender, text):
        req = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/webhooks/rest/webhook",
            json.dumps({"sender": sender, "message": text}).encode(),
            {"Content-Type": "application/json"},
        )
        return json.load(urllib.request.urlopen(req, timeout=60))  # noqa: S310 - loopback

    def cli(self, *args):
        """The command in this process where it is this project's: starting one takes a second."""
        if self.project == Path.cwd():
            done = CliRunner().invoke(cli, args, env=self.env)
            out, failed = done.output, done.exit_code
        else:
            p = subprocess.run(
                [".venv/bin/minglu", *args],
                cwd=self.project,
                env=self.env,
                capture_output=True,
                text=True,
            )
            out, failed = p.stdout + p.stderr, p.returncode
        if failed:
            raise RuntimeError(f"{args}: {out}")
        return out

    def bookings(self):
        data = json.loads(self.cli("bookings", "list", "--json"))
        return data["bookings"] if isinstance(data, dict) else data

    def stop(self):
        try:
            os.kill(self.proc.pid, signal.SIGINT)
            self.proc.wait(30)
        except Exception:
            os.killpg(self.proc.pid, signal.SIGKILL)
        shutil.rmtree(self.dir, ignore_errors=True)


def asked(text):
    """Keys of `when_asked` that may answer; the last question of the reply counts."""
    for key, pattern in ASKED:
        if re.search(pattern, text, re.S):
            return SAME.get(key, [key])
    return []


class Run:
    def __init__(self, server, d, n):
        self.s, self.d, self.tag = server, d, f"{d['id']}-"
        self.sender, self.log, self.faults = f"exam-{d['id']}-{n}", [], []

    def load(self, earlier):
        if earlier:
            rows = earlier
            self._import([{**r, "status": "cancelled"} for r in rows])
        rows = list(csv.DictReader(io.StringIO(self.d["slots_csv"].strip())))
        for r in rows:
            r["id"] = self.tag + r["id"]
        self._import(rows)
        pre = self.d.get("pre") or []
        if pre:
            f = self.s.dir / "pre.csv"
            with open(f, "w", newline="") as h:
                w = csv.writer(h)
                w.writerow(["slot_id", "name", "phone"])
                w.writerows([self.tag + p["slot_id"], p["name"], p["phone"]] for p in pre)
            self.s.cli("bookings", "import", str(f))
        return rows

    def _import(self, rows):
        f = self.s.dir / "slots.csv"
        with open(f, "w", newline="") as h:
            w = csv.DictWriter(h, list(rows[0]))
            w.writeheader()
            w.writerows(rows)
        self.s.cli("slots", "import", str(f))

    def mine(self):
        return [b for b in self.s.bookings() if b["slot_id"].startswith(self.tag)]

    def reference(self, n):
        mine, pre, out = self.mine(), self.d.get("pre") or [], []
        for p in pre:
            hit = [
                b
                for b in mine
                if b["slot_id"] == self.tag + p["slot_id"] and b["name"] == p["name"]
            ]
            out += hit[:1]
        out += [b for b in mine if b["reference"] not in {o["reference"] for o in out}]
        return out[n - 1]["reference"]

    def say(self, text):
        def ref(m):
            r = self.reference(int(m[1]))
            return r if not m[2] else re.sub(r"\D", "", r)

        try:
            text = re.sub(r"\{reference:(\d+)(:digits)?\}", ref, text)
        except IndexError:
            self.faults.append(f"no booking for {text}")
        replies = self.s.say(self.sender, text)
        out = "\n".join(r.get("text") or "" for r in replies).strip()
        self.log.append(
            (text, out, [r.get("custom", {}).get("kind") for r in replies if r.get("custom")])
        )
        if not out:
            self.faults.append(f"silence after: {text!r}")
        return out

    def turns(self):
        last = ""
        for t in self.d["turns"]:
            if isinstance(t, str):
                last = self.say(t)
                continue
            left = {
                k: (list(v) if isinstance(v, list) else [v, v]) for k, v in t["when_asked"].items()
            }
            for _ in range(t.get("max", 8)):
                key = next((k for k in asked(last) if left.get(k)), None)
                if key is None or re.search(r"约好了|排上候补了|已经取消了|换好了", last):
                    break
                last = self.say(left[key].pop(0))

    def judge(self):
        e, mine = self.d["expect"], self.mine()
        rest = list(mine)
        for want in e["bookings"]:
            hit = next((b for b in rest if self.fits(want, b)), None)
            if hit:
                rest.remove(hit)
            else:
                self.faults.append("missing booking: " + json.dumps(want, ensure_ascii=False))
        if e.get("no_other_confirmed", True):
            for b in rest:
                if b["status"] != "cancelled":
                    self.faults.append("unexpected booking: " + short(b))
        heard = "\n".join(o for _, o, _ in self.log)
        wants = e.get("must_hear_any") or []
        if wants and not any(w in heard for w in wants):
            self.faults.append(f"heard none of {wants}")
        self.state = [short(b) for b in mine]
        return not self.faults

    def fits(self, w, b):

        def digits(x):
            return re.sub(r"\D", "", x or "")

        needs = b.get("access_needs") or []
        needs = " ".join(needs) if isinstance(needs, list) else str(needs)
        return (
            b["slot_id"] == self.tag + w["slot_id"]
            and b["status"] == w["status"]
            and (w.get("name") is None or b["name"] == w["name"])
            and (w.get("phone") is None or digits(b["phone"])[-11:] == digits(w["phone"]))
            and ("companion" not in w or bool(b.get("companion")) == bool(w["companion"]))
            and all(n in needs for n in w.get("access_needs") or [])
        )


def short(b):
    return json.dumps(
        {
            k: b.get(k)
            for k in (
                "slot_id",
                "name",
                "phone",
                "status",
                "companion",
                "access_needs",
                "reference",
            )
        },
        ensure_ascii=False,
    )


def main():
    p = argparse.ArgumentParser()
    p.add_argument("file")
    p.add_argument("--project", required=True)
    p.add_argument("--out", default="")
    p.add_argument("--only", default="")
    p.add_argument("-v", action="store_true")
    a = p.parse_args()
    dialogues = json.load(open(a.file))
    if a.only:
        dialogues = [d for d in dialogues if d["id"] in a.only.split(",")]
    results = []
    for now in dict.fromkeys(d["now"] for d in dialogues):
        server, earlier = Server(a.project, now), None
        try:
            for n, d in enumerate(x for x in dialogues if x["now"] == now):
                run = Run(server, d, n)
                try:
                    earlier = run.load(earlier)
                    run.turns()
                    ok = run.judge()
                except Exception as error:  # a fault of the run is a failure with its reason
                    ok, run.state = False, getattr(run, "state", [])
                    run.faults.append(f"{type(error).__name__}: {error}")
                results.append(
                    {
                        "id": d["id"],
                        "title": d["title"],
                        "pass": ok,
                        "faults": run.faults,
                        "state": run.state,
                        "transcript": [{"said": s, "heard": h, "kinds": k} for s, h, k in run.log],
                    }
                )
                print("PASS" if ok else "FAIL", d["id"], d["title"], flush=True)
                if not ok or a.v:
                    for s, h, _ in run.log:
                        print(f"    > {s}\n    < " + h.replace("\n", "\n      "))
                    for f in run.faults:
                        print("    !!", f)
                    print("    state:", *run.state, sep="\n      ")
        finally:
            server.stop()
    good = sum(r["pass"] for r in results)
    print(
        f"{good}/{len(results)} end in the right state; failing:",
        *(r["id"] for r in results if not r["pass"]),
    )
    out = a.out or re.sub(r"\.json$", "", a.file) + ".result.json"
    json.dump(
        {"passed": good, "of": len(results), "results": results},
        open(out, "w"),
        ensure_ascii=False,
        indent=1,
    )


if __name__ == "__main__":
    main()

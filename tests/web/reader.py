"""A student of one small lesson, with a browser of their own, who may misbehave."""

from __future__ import annotations

import json

from tests.session.conftest import until
from tests.web.conftest import Desk
from webapp.lesson import Facts, load_lesson
from webapp.lesson.check_run import selectors_of
from webapp.session.run import Recipe, Run
from webapp.web.app import registry_of
from webapp.web.learn import COOKIE

ID = "page-one"
JSON = {"Content-Type": "application/json"}


class Reader:
    """A student with a browser of their own, who may misbehave."""

    def __init__(self, app, folder) -> None:
        self.app = app
        self.http = app.test_client()
        self.html = self.http.get(f"/lessons/{ID}").text
        self.boot = json.loads(self.html.split('id="boot">')[1].split("</script>")[0])
        self.token = self.http.get_cookie(COOKIE).value
        student = app_students(app).of(self.token)
        self.lesson = load_lesson(folder / ID, student.seed)
        run = Run(Recipe(self.lesson.program.text, self.lesson.program.name, self.lesson.machine)).finish()
        self.facts = Facts(run, selectors_of(self.lesson))
        self.desk = Desk(app, self.http)

    def post(self, what: str, body, **headers):
        return self.http.post(f"/lessons/{ID}/{what}", data=json.dumps(body), headers={**JSON, **headers})

    def answer(self, step: str, **more):
        reply = self.post("answer", {"step": step, **more})
        assert reply.status_code == 200, reply.text
        return reply.json

    def open(self, program: str | None = None, **more) -> str:
        program = self.lesson.program.text if program is None else program
        message = {"program": program, "name": self.lesson.program.name, "machine": dict(self.lesson.machine)}
        reply = self.desk.say("open", {**message, "lesson": ID, **more})
        assert reply["ok"], reply
        run: str = reply["run"]
        return run

    def stages(self, run: str) -> list[dict]:
        """Everything that the server has to send just now, all of it acknowledged."""
        held = -1
        while True:
            until(lambda: registry_of(self.app).runner.idle)
            found = [stage for batch in self.desk.of("stages") if batch["run"] == run for stage in batch["stages"]]
            if len(found) == held:
                return found
            held = len(found)
            self.desk.say("ack", {"run": run, "have": held})

    def stage(self, id: str) -> int:
        selector = self.lesson.step(id).at
        at = self.facts.stage(selector) if selector else None
        assert at is not None
        return at


def app_students(app):
    return app.extensions["pagewalk-tutor"].students

"""The golden result fits result.schema.json, and the schema is strict enough to notice a slip."""
import copy
import json
import sys
import unittest

from jsonschema import Draft202012Validator

FOLDER = "reports/"


def load(name):
    with open(FOLDER + name, encoding="utf-8") as file:
        return json.load(file)


SCHEMA = load("result.schema.json")
GOLDEN = load("golden/result.json")

# Where, what it becomes (None: taken away).
SLIPS = [
    (["format"], "ecsp-result/2"),
    (["summary", "pass"], -1),
    (["summary", "not run"], None),
    (["run", "started"], "yesterday"),
    (["run", "unknown"], 1),
    (["scenarios", 0, "verdict"], "ok"),
    (["scenarios", 0, "folder"], "../elsewhere"),
    (["scenarios", 0, "findings", 0, "evidence", 0, "file"], "javascript:alert(1)"),
    (["scenarios", 0, "timeline", "lanes", 0, "marks", 0, "kind"], "party"),
    (["items", 0], None),
    (["items", 0, "cells", 1, "agent"], "dc"),
    (["requirements", 0, "why"], None),
]


class Schema(unittest.TestCase):
    def setUp(self):
        Draft202012Validator.check_schema(SCHEMA)
        self.validator = Draft202012Validator(SCHEMA)

    def test_the_golden_result_fits(self):
        errors = [f"{error.json_path}: {error.message}" for error in self.validator.iter_errors(GOLDEN)]
        self.assertEqual(errors, [])

    def test_each_slip_is_noticed(self):
        for way, value in SLIPS:
            with self.subTest(way=way):
                result = copy.deepcopy(GOLDEN)
                at = result
                for step in way[:-1]:
                    at = at[step]
                if value is None:
                    del at[way[-1]]
                else:
                    at[way[-1]] = value
                self.assertFalse(self.validator.is_valid(result))


if __name__ == "__main__":
    sys.exit(unittest.main())

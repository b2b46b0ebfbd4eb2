"""A test as a suite in Python has it: it starts `mms sandbox serve` and reads its list. Needs no package but the wheel."""

import json
import subprocess
import sysconfig
import unittest
import urllib.request
from pathlib import Path

MMS = Path(sysconfig.get_path("scripts")) / "mms"


class SandboxTest(unittest.TestCase):
    def setUp(self):
        command = [MMS, "sandbox", "serve", "--listen", "127.0.0.1:0"]
        self.server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self.addCleanup(self.stop)
        self.connection = {}
        # It says how it is reached once it listens, the token of its control side last.
        for line in self.server.stdout:
            name, _, value = line.rpartition("  ")
            self.connection[name.strip()] = value.strip()
            if name.startswith("CONTROL TOKEN"):
                return
        self.fail("the sandbox ended before it served")

    def stop(self):
        self.server.terminate()
        self.server.wait(timeout=10)
        self.server.stdout.close()

    def test_the_list_has_the_children_of_the_seed(self):
        organization = self.connection["ORGANIZATION"]
        request = urllib.request.Request(
            f"{self.connection['BASE URL']}/organizations/{organization}/managed-organizations",
            headers={"Authorization": f"Token {self.connection['TOKEN']}"},
        )
        with urllib.request.urlopen(request, timeout=10) as answer:
            body = json.load(answer)
        self.assertIn("Acme Bakery", json.dumps(body))


if __name__ == "__main__":
    unittest.main()

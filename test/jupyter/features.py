"""Subshells, variables and encryption, asked by the client of ipykernel, and ipykernel's own answers beside ours."""

import contextlib
import time
import unittest

from jupyter_client import KernelManager

WAIT = {"obsnode": "await new Promise(done => setTimeout(done, 3000)); 'main'", "python3": "import asyncio; await asyncio.sleep(3); 'main'"}
CODE = {"obsnode": "const counted = 41; counted + 1", "python3": "counted = 41; counted + 1"}


@contextlib.contextmanager
def kernel(name, **options):
    manager = KernelManager(kernel_name=name, **options)
    manager.start_kernel()
    client = manager.client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=120)
        yield client
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def control(client, kind, content=None):
    message = client.session.msg(kind, content or {})
    client.control_channel.send(message)
    while True:
        reply = client.get_control_msg(timeout=60)
        if reply["parent_header"].get("msg_id") == message["header"]["msg_id"]:
            return reply


def execute(client, code, subshell=None):
    message = client.session.msg("execute_request", {"code": code, "silent": False, "store_history": True, "user_expressions": {}, "allow_stdin": False, "stop_on_error": True})
    if subshell is not None:
        message["header"]["subshell_id"] = subshell
    client.shell_channel.send(message)
    return message["header"]["msg_id"]


def replies(client, ids):
    """Replies in the order in which they come."""
    found = []
    while len(found) < len(ids):
        reply = client.get_shell_msg(timeout=120)
        if reply["parent_header"].get("msg_id") in ids:
            found.append(reply)
    return found


def debug(client, command, **arguments):
    content = {"type": "request", "seq": 5, "command": command, "arguments": arguments}
    return control(client, "debug_request", content)


class Features(unittest.TestCase):
    def both(self):
        for name in ("python3", "obsnode"):
            with self.subTest(kernel=name), kernel(name) as client:
                yield name, client

    def test_subshells_are_made_listed_used_and_deleted_as_in_ipykernel(self):
        for name, client in self.both():
            made = control(client, "create_subshell_request")
            self.assertEqual(made["header"]["msg_type"], "create_subshell_reply")
            self.assertEqual(made["content"]["status"], "ok")
            subshell = made["content"]["subshell_id"]
            self.assertEqual(control(client, "list_subshell_request")["content"], {"status": "ok", "subshell_id": [subshell]})
            replies(client, [execute(client, CODE[name])])
            main = execute(client, WAIT[name])
            time.sleep(1)
            beside = execute(client, CODE[name].split("; ")[1], subshell)
            first, second = replies(client, [main, beside])
            self.assertEqual(first["parent_header"]["msg_id"], beside)
            self.assertEqual(first["parent_header"]["subshell_id"], subshell)
            self.assertEqual([first["content"]["status"], second["content"]["status"]], ["ok", "ok"])
            self.assertEqual(control(client, "delete_subshell_request", {"subshell_id": subshell})["content"]["status"], "ok")
            self.assertEqual(control(client, "list_subshell_request")["content"]["subshell_id"], [])
            unknown = control(client, "delete_subshell_request", {"subshell_id": subshell})
            self.assertEqual(unknown["content"]["status"], "error")

    def test_the_feature_is_announced(self):
        for _, client in self.both():
            client.kernel_info()
            while (reply := client.get_shell_msg(timeout=60))["header"]["msg_type"] != "kernel_info_reply":
                pass
            self.assertIn("kernel subshells", reply["content"]["supported_features"])

    def test_variables_are_listed_in_the_shape_of_ipykernel(self):
        for name, client in self.both():
            replies(client, [execute(client, CODE[name])])
            reply = debug(client, "inspectVariables")
            self.assertEqual(reply["header"]["msg_type"], "debug_reply")
            content = reply["content"]
            self.assertEqual([content["type"], content["success"], content["command"], content["request_seq"]], ["response", True, "inspectVariables", 5])
            (counted,) = [one for one in content["body"]["variables"] if one["name"] == "counted"]
            self.assertEqual([counted["value"], counted["variablesReference"]], ["41", 0])
            self.assertTrue({"name", "value", "type", "variablesReference"} <= set(counted))
            self.assertFalse(debug(client, "debugInfo")["content"]["body"]["isStarted"])
            rich = debug(client, "richInspectVariables", variableName="counted")["content"]
            self.assertEqual([rich["success"], rich["body"]["data"]["text/plain"]], [True, "41"])

    def test_the_connection_is_encrypted_where_the_client_demands_it(self):
        with kernel("obsnode", transport_encryption="required") as client:
            self.assertIsNotNone(client.curve_publickey)
            (reply,) = replies(client, [execute(client, "6 * 7")])
            self.assertEqual(reply["content"]["status"], "ok")
            self.assertTrue(client.hb_channel.is_beating())


if __name__ == "__main__":
    unittest.main(verbosity=2)

"""Runs a program in a terminal of its own. Its output goes to stdout as it is; stdin takes one JSON object a line:
{"keys": "..."}, {"size": [columns, rows]} or {"signal": 15}. Ends with the program; its exit code is the last line of
stderr."""
import fcntl, json, os, pty, select, signal, struct, sys, termios

columns, rows, command = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(command[0], command)


def resize(columns, rows):
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))


resize(columns, rows)
orders = b""
inputs = [terminal, 0]
while True:
    ready, _, _ = select.select(inputs, [], [])
    if terminal in ready:
        try:
            data = os.read(terminal, 65536)
        except OSError:
            data = b""
        if not data:
            break
        while data:
            data = data[os.write(1, data):]
    if 0 in ready:
        got = os.read(0, 65536)
        if not got:
            inputs.remove(0)
        orders += got
        *lines, orders = orders.split(b"\n")
        for line in lines:
            order = json.loads(line)
            if "keys" in order:
                os.write(terminal, order["keys"].encode())
            if "size" in order:
                resize(*order["size"])
            if "signal" in order:
                os.kill(pid, order["signal"])
_, status = os.waitpid(pid, 0)
sys.stderr.write(f"\nexit={os.waitstatus_to_exitcode(status)}\n")

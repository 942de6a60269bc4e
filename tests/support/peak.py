#!/usr/bin/python3
"""Run a command and print its peak resident memory in MB on stdout; the command's own output goes to stderr.

usage: peak.py COMMAND...
"""
import resource
import subprocess
import sys

code = subprocess.run(sys.argv[1:], stdout=sys.stderr).returncode
print(f"{resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024:.1f}")
sys.exit(code)

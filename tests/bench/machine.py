"""What a figure depends on: the machine and the versions of all who ran."""
import json
import os
import re
import subprocess
import textwrap

from harness import NPM, NPM_BENCH


def read(path):
    with open(path, encoding='utf-8') as f:
        return f.read()


def said(*command):
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True,
                              stdin=subprocess.DEVNULL).stdout
    except (OSError, subprocess.CalledProcessError):
        return ''


def version(name, *command):
    found = re.search(r'\d+\.[\d.]*\d', said(*command))
    return [f'{name} {found[0]}'] if found else []


def package(name, directory):
    path = directory + '/package.json'
    return [f'{name} {json.loads(read(path))["version"]}'] if os.path.exists(path) else []


def hardware():
    model = re.search(r'^model name\s*: (.*)', read('/proc/cpuinfo'), re.M)
    memory = int(re.search(r'^MemTotal:\s*(\d+)', read('/proc/meminfo'), re.M)[1])
    system = re.search(r'^PRETTY_NAME="?([^"\n]*)', read('/etc/os-release'), re.M)
    return ', '.join([f'{os.cpu_count()} processors', model[1] if model else os.uname().machine,
                      f'{round(memory / 2 ** 20)} GiB', system[1],
                      *version('gcc', 'cc', '-dumpfullversion')])


def peers():
    return textwrap.fill(', '.join(
        version('jq', 'jq', '--version') + version('gojq', 'gojq', '--version') +
        version('Miller', 'mlr', '--version') + version('csvkit', 'in2csv', '--version') +
        version('Python', '/usr/bin/python3', '--version') +
        version('boto3', '/usr/bin/python3', '-c', 'import boto3; print(boto3.__version__)') +
        version('AWS CLI', '/usr/bin/aws', '--version') + version('Node', 'node', '--version') +
        package('AWS SDK for JavaScript', NPM + '/@aws-sdk/client-cognito-identity-provider') +
        package('DuckDB', NPM_BENCH + '/@duckdb/node-api') +
        version('libcurl', 'curl', '--version')), 96)

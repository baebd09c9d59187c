# For tests of serve-pool's writes: a pool of its own, and calls whose answers are held against the service model, as Debian's
# botocore has it.
import atexit, boto3, botocore, botocore.config, json, os, re, signal, subprocess, sys, threading
CONFIG = botocore.config.Config(parameter_validation=False, retries={'max_attempts': 0}, read_timeout=60)

class Pool:
    def __init__(self, *options, key=None):
        self.log = open('pool.err', 'ab')
        self.process = subprocess.Popen(['serve-pool', *options], stdout=subprocess.PIPE, stderr=self.log, text=True)
        atexit.register(self.process.kill)
        lines = dict(l[len('export '):].strip().split('=', 1) for l in self.process.stdout if l.startswith('export '))
        self.pool = lines['COGNITO_USER_POOL_ID']
        self.client = boto3.client('cognito-idp', endpoint_url=lines['AWS_ENDPOINT_URL'], config=CONFIG,
            region_name='us-east-1', aws_access_key_id=lines['AWS_ACCESS_KEY_ID'],
            aws_secret_access_key=lines['AWS_SECRET_ACCESS_KEY'])
        self.client.meta.events.register('response-received.cognito-idp', self.keep)
        self.model = self.client.meta.service_model
        self.raw = None

    def keep(self, response_dict=None, **rest):
        self.raw = response_dict['body'] if response_dict else None

    def end(self, how=signal.SIGTERM):
        self.process.send_signal(how)
        return self.process.wait(60)

    # The answer, with nothing in it that the model does not have; or the error's code and message.
    def call(self, name, **members):
        method = botocore.xform_name(name)
        operation = self.model.operation_model(name)
        try:
            answer = getattr(self.client, method)(UserPoolId=self.pool, **members)
        except botocore.exceptions.ClientError as e:
            code = e.response['Error']['Code']
            if code not in [s.name for s in operation.error_shapes]:
                code += ' (not in the model)'
            return code + ': ' + e.response['Error']['Message']
        del answer['ResponseMetadata']
        if operation.output_shape is None:
            assert self.raw in (b'', b'{}'), self.raw
        else:
            hold(json.loads(self.raw), operation.output_shape, name)
        return answer

    def get(self, user):
        answer = self.call('AdminGetUser', Username=user)
        if isinstance(answer, str):
            return answer
        attributes = {a['Name']: a['Value'] for a in answer['UserAttributes']}
        attributes.pop('sub')
        return answer['UserStatus'], answer['Enabled'], attributes

    def users(self, **how):
        return [u['Username'] for u in self.call('ListUsers', **how)['Users']]

def hold(value, shape, where):
    kind = shape.type_name
    if kind == 'structure':
        assert isinstance(value, dict) and set(value) <= set(shape.members), (where, value)
        assert set(shape.required_members) <= set(value), (where, value)
        for name in value:
            hold(value[name], shape.members[name], where + '.' + name)
    elif kind == 'list':
        assert isinstance(value, list), where
        for item in value:
            hold(item, shape.member, where + '[]')
    elif kind == 'map':
        assert isinstance(value, dict), where
    else:
        types = {'string': str, 'boolean': bool, 'integer': int, 'long': int, 'timestamp': (int, float)}
        assert isinstance(value, types[kind]), (where, kind)
        if getattr(shape, 'enum', None):
            assert value in shape.enum or value == 'EXTERNAL_PROVIDER', (where, value)
        if kind == 'string':
            assert shape.metadata.get('min', 0) <= len(value) <= (
                40 if where.endswith('SchemaAttributes[].Name') else shape.metadata.get('max', 1e9)), where

def attributes(**values):
    return [{'Name': n.replace('__', ':'), 'Value': v} for n, v in values.items()]

def messages(log):
    return sum(json.loads(l).get('Messages', 0) for l in open(log))

// A client of connect-web for stream.v1.StreamService, with descriptors instead of generated code.
import { createFileRegistry, fromJson } from '@bufbuild/protobuf';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import { createClient } from '@connectrpc/connect';
import { createGrpcWebTransport } from '@connectrpc/connect-web';

const point = { name: 'pt', number: 1, label: 'LABEL_OPTIONAL', type: 'TYPE_MESSAGE', typeName: '.stream.v1.StreamPoint' };
const method = (name, clientStreaming, serverStreaming) => ({
    name, clientStreaming, serverStreaming, inputType: '.stream.v1.StreamRequest', outputType: '.stream.v1.StreamResponse',
});
const files = createFileRegistry(fromJson(FileDescriptorSetSchema, {
    file: [{
        name: 'stream/v1/stream.proto',
        package: 'stream.v1',
        syntax: 'proto3',
        messageType: [
            { name: 'StreamPoint', field: [
                { name: 'name', number: 1, label: 'LABEL_OPTIONAL', type: 'TYPE_STRING' },
                { name: 'value', number: 2, label: 'LABEL_OPTIONAL', type: 'TYPE_INT32' },
            ] },
            { name: 'StreamRequest', field: [point] },
            { name: 'StreamResponse', field: [point] },
        ],
        service: [{ name: 'StreamService', method: [
            method('List', false, true), method('Record', true, false), method('Route', true, true),
        ] }],
    }],
}));

export const clientOf = (baseUrl) =>
    createClient(files.getService('stream.v1.StreamService'), createGrpcWebTransport({ baseUrl }));

// The services of proto/, loaded as they are: grpc-js needs no generated code.
import { fileURLToPath } from "node:url";
import grpc from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";

const PROTOS = fileURLToPath(new URL("../../../proto/", import.meta.url));

export { grpc };

export function load(name) {
    const file = `${PROTOS}${name}/v1/${name}.proto`;
    return grpc.loadPackageDefinition(loadSync(file, { keepCase: true, longs: Number }));
}

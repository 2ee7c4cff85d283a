//! What grpcurl and load balancers ask for: which services there are, and whether they serve.

use tonic::transport::server::Router;
use tonic_health::ServingStatus;
use tonic_health::pb::health_server::HealthServer;
use tonic_health::server::{HealthReporter, HealthService};
use tonic_reflection::server::Builder;

use super::Failure;
use crate::proto::DESCRIPTORS;

/// The names of the services that a lesson offers.
pub(super) type Services = &'static [&'static str];

/// Adds reflection (v1 and v1alpha) and health for `services`, each of which is SERVING until `health`
/// reports otherwise.
///
/// # Errors
/// When the descriptors that this program carries cannot be read.
pub(super) async fn with_standard_services<L>(
    router: Router<L>,
    services: Services,
    health: &HealthReporter,
) -> Result<Router<L>, Failure>
where
    L: Clone,
{
    let health_service = HealthService::from_health_reporter(health.clone());
    let health_service = HealthServer::new(health_service);
    for service in services {
        health
            .set_service_status(*service, ServingStatus::Serving)
            .await;
    }
    let reflection = |own_name| {
        let offered = services
            .iter()
            .copied()
            .chain(["grpc.health.v1.Health", own_name]);
        offered.fold(
            Builder::configure()
                .register_encoded_file_descriptor_set(DESCRIPTORS)
                .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET),
            Builder::with_service_name,
        )
    };
    let broken = |error| Failure::Other(format!("the descriptors cannot be served: {error}"));
    // grpcurl asks v1; Postman, grpcui and others still ask v1alpha (grpc/grpc-rust#1701).
    let v1 = reflection("grpc.reflection.v1.ServerReflection").build_v1();
    let v1alpha = reflection("grpc.reflection.v1alpha.ServerReflection").build_v1alpha();
    Ok(router
        .add_service(health_service)
        .add_service(v1.map_err(broken)?)
        .add_service(v1alpha.map_err(broken)?))
}

//! Which built-in types live in a namespace, as kustomize v5.8.1 has it.
//!
//! Its table was computed from the paths of Kubernetes 1.21.2 and is asked before any custom schema. Types that came
//! later (`flowcontrol.apiserver.k8s.io/v1`, ValidatingAdmissionPolicy) are not in it, on purpose.

/// Kinds by apiVersion; the flag says whether they are namespaced.
const SCOPES: &[(&str, bool, &[&str])] = &[
    (
        "admissionregistration.k8s.io/v1",
        false,
        &["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"],
    ),
    (
        "admissionregistration.k8s.io/v1beta1",
        false,
        &["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"],
    ),
    ("apiextensions.k8s.io/v1", false, &["CustomResourceDefinition"]),
    ("apiextensions.k8s.io/v1beta1", false, &["CustomResourceDefinition"]),
    ("apiregistration.k8s.io/v1", false, &["APIService"]),
    ("apiregistration.k8s.io/v1beta1", false, &["APIService"]),
    ("apps/v1", true, &["ControllerRevision", "DaemonSet", "Deployment", "ReplicaSet", "StatefulSet"]),
    ("autoscaling/v1", true, &["HorizontalPodAutoscaler", "Scale"]),
    ("autoscaling/v2beta1", true, &["HorizontalPodAutoscaler"]),
    ("autoscaling/v2beta2", true, &["HorizontalPodAutoscaler"]),
    ("batch/v1", true, &["CronJob", "Job"]),
    ("batch/v1beta1", true, &["CronJob"]),
    ("certificates.k8s.io/v1", false, &["CertificateSigningRequest"]),
    ("certificates.k8s.io/v1beta1", false, &["CertificateSigningRequest"]),
    ("coordination.k8s.io/v1", true, &["Lease"]),
    ("coordination.k8s.io/v1beta1", true, &["Lease"]),
    ("discovery.k8s.io/v1", true, &["EndpointSlice"]),
    ("discovery.k8s.io/v1beta1", true, &["EndpointSlice"]),
    ("events.k8s.io/v1", true, &["Event"]),
    ("events.k8s.io/v1beta1", true, &["Event"]),
    ("extensions/v1beta1", true, &["Ingress"]),
    ("flowcontrol.apiserver.k8s.io/v1beta1", false, &["FlowSchema", "PriorityLevelConfiguration"]),
    ("networking.k8s.io/v1", false, &["IngressClass"]),
    ("networking.k8s.io/v1", true, &["Ingress", "NetworkPolicy"]),
    ("networking.k8s.io/v1beta1", false, &["IngressClass"]),
    ("networking.k8s.io/v1beta1", true, &["Ingress"]),
    ("node.k8s.io/v1", false, &["RuntimeClass"]),
    ("node.k8s.io/v1beta1", false, &["RuntimeClass"]),
    ("policy/v1", true, &["PodDisruptionBudget"]),
    ("policy/v1beta1", false, &["PodSecurityPolicy"]),
    ("policy/v1beta1", true, &["PodDisruptionBudget"]),
    ("rbac.authorization.k8s.io/v1", false, &["ClusterRole", "ClusterRoleBinding"]),
    ("rbac.authorization.k8s.io/v1", true, &["Role", "RoleBinding"]),
    ("rbac.authorization.k8s.io/v1beta1", false, &["ClusterRole", "ClusterRoleBinding"]),
    ("rbac.authorization.k8s.io/v1beta1", true, &["Role", "RoleBinding"]),
    ("scheduling.k8s.io/v1", false, &["PriorityClass"]),
    ("scheduling.k8s.io/v1beta1", false, &["PriorityClass"]),
    ("storage.k8s.io/v1", false, &["CSIDriver", "CSINode", "StorageClass", "VolumeAttachment"]),
    ("storage.k8s.io/v1beta1", false, &["CSIDriver", "CSINode", "StorageClass", "VolumeAttachment"]),
    ("storage.k8s.io/v1beta1", true, &["CSIStorageCapacity"]),
    ("v1", false, &["ComponentStatus", "Namespace", "Node", "NodeProxyOptions", "PersistentVolume"]),
    (
        "v1",
        true,
        &[
            "ConfigMap",
            "Endpoints",
            "Event",
            "LimitRange",
            "PersistentVolumeClaim",
            "Pod",
            "PodAttachOptions",
            "PodExecOptions",
            "PodPortForwardOptions",
            "PodProxyOptions",
            "PodTemplate",
            "ReplicationController",
            "ResourceQuota",
            "Secret",
            "Service",
            "ServiceAccount",
            "ServiceProxyOptions",
        ],
    ),
];

pub(super) fn namespaced(api_version: &str, kind: &str) -> Option<bool> {
    let start = SCOPES.partition_point(|(group, _, _)| *group < api_version);
    let rows = SCOPES[start..].iter().take_while(|(group, _, _)| *group == api_version);
    rows.into_iter()
        .find(|(_, _, kinds)| kinds.binary_search(&kind).is_ok())
        .map(|(_, namespaced, _)| *namespaced)
}

//! kustomize 5.8.1's own configuration: which fields each transformer touches, in the order it keeps them.
//!
//! ```
//! use gitops_render::kustomize::default_field_specs::{COMMON_LABELS, common_labels};
//! use gitops_render::kustomize::gvk::GvkRef;
//! assert_eq!(COMMON_LABELS.len(), 32);
//! let services = common_labels().matching(GvkRef::parse("v1", "Service")).map(|spec| spec.path());
//! assert_eq!(services.collect::<Vec<_>>(), ["spec/selector", "metadata/labels"]);
//! ```
//!
//! The tables are data in the binary. The functions of the same names give them compiled and indexed; each is
//! compiled once, when it is first asked for.

use super::field_spec::{FieldSpec, FieldSpecs, NameReference};
use super::gvk::GvkSelector;
use smol_str::SmolStr;
use std::borrow::Cow;
use std::sync::LazyLock;

const CREATE: bool = true;
const KEEP: bool = false;

const fn field(
    group: &'static str,
    version: &'static str,
    kind: &'static str,
    path: &'static str,
    create: bool,
) -> FieldSpec {
    FieldSpec { selector: GvkSelector::of(group, version, kind), path: SmolStr::new_static(path), create }
}

macro_rules! compiled {
    ($($name:ident = $table:ident;)*) => {$(
        #[doc = concat!("[`", stringify!($table), "`], compiled.")]
        pub fn $name() -> &'static FieldSpecs {
            static COMPILED: LazyLock<FieldSpecs> = LazyLock::new(|| FieldSpecs::new(&$table));
            &COMPILED
        }
    )*};
}

compiled! {
    name_prefix = NAME_PREFIX;
    name_suffix = NAME_SUFFIX;
    namespace = NAMESPACE;
    common_labels = COMMON_LABELS;
    template_labels = TEMPLATE_LABELS;
    common_annotations = COMMON_ANNOTATIONS;
    var_reference = VAR_REFERENCE;
    images = IMAGES;
    replicas = REPLICAS;
}

/// Names that `namePrefix` is put before.
#[rustfmt::skip]
pub static NAME_PREFIX: [FieldSpec; 1] = [
    field("", "", "", "metadata/name", KEEP),
];

/// Names that `nameSuffix` is put after.
#[rustfmt::skip]
pub static NAME_SUFFIX: [FieldSpec; 1] = [
    field("", "", "", "metadata/name", KEEP),
];

/// Namespaces besides `metadata.namespace` that `namespace` sets.
#[rustfmt::skip]
pub static NAMESPACE: [FieldSpec; 3] = [
    field("", "", "Namespace", "metadata/name", CREATE),
    field("apiextensions.k8s.io", "", "CustomResourceDefinition", "spec/conversion/webhook/clientConfig/service/namespace", KEEP),
    field("apiregistration.k8s.io", "", "APIService", "spec/service/namespace", CREATE),
];

/// Labels and selectors that `commonLabels`, and `labels` with `includeSelectors`, set.
#[rustfmt::skip]
pub static COMMON_LABELS: [FieldSpec; 32] = [
    field("", "v1", "Service", "spec/selector", CREATE),
    field("apps", "", "Deployment", "spec/template/spec/affinity/podAffinity/preferredDuringSchedulingIgnoredDuringExecution/podAffinityTerm/labelSelector/matchLabels", KEEP),
    field("apps", "", "Deployment", "spec/template/spec/affinity/podAffinity/requiredDuringSchedulingIgnoredDuringExecution/labelSelector/matchLabels", KEEP),
    field("apps", "", "Deployment", "spec/template/spec/affinity/podAntiAffinity/preferredDuringSchedulingIgnoredDuringExecution/podAffinityTerm/labelSelector/matchLabels", KEEP),
    field("apps", "", "Deployment", "spec/template/spec/affinity/podAntiAffinity/requiredDuringSchedulingIgnoredDuringExecution/labelSelector/matchLabels", KEEP),
    field("apps", "", "Deployment", "spec/template/spec/topologySpreadConstraints/labelSelector/matchLabels", KEEP),
    field("", "", "Deployment", "spec/template/metadata/labels", CREATE),
    field("", "", "Deployment", "spec/selector/matchLabels", CREATE),
    field("apps", "", "StatefulSet", "spec/selector/matchLabels", CREATE),
    field("apps", "", "StatefulSet", "spec/volumeClaimTemplates[]/metadata/labels", CREATE),
    field("apps", "", "StatefulSet", "spec/template/spec/affinity/podAffinity/preferredDuringSchedulingIgnoredDuringExecution/podAffinityTerm/labelSelector/matchLabels", KEEP),
    field("apps", "", "StatefulSet", "spec/template/spec/affinity/podAffinity/requiredDuringSchedulingIgnoredDuringExecution/labelSelector/matchLabels", KEEP),
    field("apps", "", "StatefulSet", "spec/template/spec/affinity/podAntiAffinity/preferredDuringSchedulingIgnoredDuringExecution/podAffinityTerm/labelSelector/matchLabels", KEEP),
    field("apps", "", "StatefulSet", "spec/template/spec/affinity/podAntiAffinity/requiredDuringSchedulingIgnoredDuringExecution/labelSelector/matchLabels", KEEP),
    field("apps", "", "StatefulSet", "spec/template/spec/topologySpreadConstraints/labelSelector/matchLabels", KEEP),
    field("apps", "", "StatefulSet", "spec/template/metadata/labels", CREATE),
    field("batch", "", "CronJob", "spec/jobTemplate/metadata/labels", CREATE),
    field("batch", "", "CronJob", "spec/jobTemplate/spec/template/metadata/labels", CREATE),
    field("batch", "", "CronJob", "spec/jobTemplate/spec/selector/matchLabels", KEEP),
    field("policy", "", "PodDisruptionBudget", "spec/selector/matchLabels", KEEP),
    field("batch", "", "Job", "spec/selector/matchLabels", KEEP),
    field("batch", "", "Job", "spec/template/metadata/labels", CREATE),
    field("networking.k8s.io", "", "NetworkPolicy", "spec/egress/to/podSelector/matchLabels", KEEP),
    field("networking.k8s.io", "", "NetworkPolicy", "spec/ingress/from/podSelector/matchLabels", KEEP),
    field("networking.k8s.io", "", "NetworkPolicy", "spec/podSelector/matchLabels", KEEP),
    field("", "v1", "ReplicationController", "spec/template/metadata/labels", CREATE),
    field("", "v1", "ReplicationController", "spec/selector", CREATE),
    field("", "", "DaemonSet", "spec/template/metadata/labels", CREATE),
    field("", "", "DaemonSet", "spec/selector/matchLabels", CREATE),
    field("", "", "ReplicaSet", "spec/template/metadata/labels", CREATE),
    field("", "", "ReplicaSet", "spec/selector/matchLabels", CREATE),
    field("", "", "", "metadata/labels", CREATE),
];

/// Labels of templates that `labels` with `includeTemplates` set.
#[rustfmt::skip]
pub static TEMPLATE_LABELS: [FieldSpec; 10] = [
    field("", "", "Deployment", "spec/template/metadata/labels", CREATE),
    field("apps", "", "StatefulSet", "spec/template/metadata/labels", CREATE),
    field("apps", "", "StatefulSet", "spec/volumeClaimTemplates[]/metadata/labels", CREATE),
    field("batch", "", "CronJob", "spec/jobTemplate/metadata/labels", CREATE),
    field("batch", "", "CronJob", "spec/jobTemplate/spec/template/metadata/labels", CREATE),
    field("batch", "", "Job", "spec/template/metadata/labels", CREATE),
    field("", "v1", "ReplicationController", "spec/template/metadata/labels", CREATE),
    field("", "", "DaemonSet", "spec/template/metadata/labels", CREATE),
    field("", "", "ReplicaSet", "spec/template/metadata/labels", CREATE),
    field("", "", "", "metadata/labels", CREATE),
];

/// Annotations that `commonAnnotations` set.
#[rustfmt::skip]
pub static COMMON_ANNOTATIONS: [FieldSpec; 9] = [
    field("", "", "Deployment", "spec/template/metadata/annotations", CREATE),
    field("", "", "StatefulSet", "spec/template/metadata/annotations", CREATE),
    field("batch", "", "CronJob", "spec/jobTemplate/metadata/annotations", CREATE),
    field("batch", "", "CronJob", "spec/jobTemplate/spec/template/metadata/annotations", CREATE),
    field("batch", "", "Job", "spec/template/metadata/annotations", CREATE),
    field("", "v1", "ReplicationController", "spec/template/metadata/annotations", CREATE),
    field("", "", "DaemonSet", "spec/template/metadata/annotations", CREATE),
    field("", "", "ReplicaSet", "spec/template/metadata/annotations", CREATE),
    field("", "", "", "metadata/annotations", CREATE),
];

/// Fields in which variables are replaced.
#[rustfmt::skip]
pub static VAR_REFERENCE: [FieldSpec; 72] = [
    field("", "", "Service", "spec/ports/port", KEEP),
    field("", "", "Service", "spec/ports/targetPort", KEEP),
    field("", "", "PersistentVolume", "spec/nfs/server", KEEP),
    field("", "", "Deployment", "spec/template/spec/initContainers/volumeMounts/mountPath", KEEP),
    field("", "", "Deployment", "spec/template/spec/initContainers/env/value", KEEP),
    field("", "", "Deployment", "spec/template/spec/initContainers/command", KEEP),
    field("", "", "Deployment", "spec/template/spec/initContainers/args", KEEP),
    field("", "", "Deployment", "spec/template/spec/containers/volumeMounts/mountPath", KEEP),
    field("", "", "Deployment", "spec/template/spec/containers/env/value", KEEP),
    field("", "", "Deployment", "spec/template/spec/volumes/nfs/server", KEEP),
    field("", "", "Deployment", "spec/template/metadata/annotations", KEEP),
    field("", "", "Deployment", "spec/template/spec/containers/command", KEEP),
    field("", "", "Deployment", "spec/template/spec/containers/args", KEEP),
    field("", "", "StatefulSet", "spec/template/spec/containers/volumeMounts/mountPath", KEEP),
    field("", "", "StatefulSet", "spec/template/spec/containers/env/value", KEEP),
    field("", "", "StatefulSet", "spec/template/spec/initContainers/args", KEEP),
    field("", "", "StatefulSet", "spec/volumeClaimTemplates/spec/nfs/server", KEEP),
    field("", "", "StatefulSet", "spec/template/spec/initContainers/command", KEEP),
    field("", "", "StatefulSet", "spec/template/spec/containers/command", KEEP),
    field("", "", "StatefulSet", "spec/template/spec/containers/args", KEEP),
    field("", "", "StatefulSet", "spec/template/spec/initContainers/volumeMounts/mountPath", KEEP),
    field("", "", "StatefulSet", "spec/template/spec/initContainers/env/value", KEEP),
    field("", "", "CronJob", "spec/jobTemplate/spec/template/spec/initContainers/env/value", KEEP),
    field("", "", "CronJob", "spec/jobTemplate/spec/template/spec/initContainers/command", KEEP),
    field("", "", "CronJob", "spec/jobTemplate/spec/template/spec/initContainers/args", KEEP),
    field("", "", "CronJob", "spec/jobTemplate/spec/template/spec/containers/volumeMounts/mountPath", KEEP),
    field("", "", "CronJob", "spec/jobTemplate/spec/template/spec/containers/env/value", KEEP),
    field("", "", "CronJob", "spec/jobTemplate/spec/template/spec/containers/command", KEEP),
    field("", "", "CronJob", "spec/jobTemplate/spec/template/spec/initContainers/volumeMounts/mountPath", KEEP),
    field("", "", "CronJob", "spec/jobTemplate/spec/template/volumes/nfs/server", KEEP),
    field("", "", "CronJob", "spec/jobTemplate/spec/template/spec/containers/args", KEEP),
    field("", "", "DaemonSet", "spec/template/spec/containers/command", KEEP),
    field("", "", "DaemonSet", "spec/template/spec/volumes/nfs/server", KEEP),
    field("", "", "DaemonSet", "spec/template/spec/initContainers/volumeMounts/mountPath", KEEP),
    field("", "", "DaemonSet", "spec/template/spec/initContainers/env/value", KEEP),
    field("", "", "DaemonSet", "spec/template/spec/initContainers/command", KEEP),
    field("", "", "DaemonSet", "spec/template/spec/initContainers/args", KEEP),
    field("", "", "DaemonSet", "spec/template/spec/containers/volumeMounts/mountPath", KEEP),
    field("", "", "DaemonSet", "spec/template/spec/containers/env/value", KEEP),
    field("", "", "DaemonSet", "spec/template/spec/containers/args", KEEP),
    field("", "", "Ingress", "spec/tls/secretName", KEEP),
    field("", "", "Ingress", "spec/tls/hosts", KEEP),
    field("", "", "Ingress", "spec/rules/host", KEEP),
    field("", "", "Job", "spec/template/spec/initContainers/command", KEEP),
    field("", "", "Job", "spec/template/spec/volumes/nfs/server", KEEP),
    field("", "", "Job", "spec/template/spec/containers/args", KEEP),
    field("", "", "Job", "spec/template/spec/containers/command", KEEP),
    field("", "", "Job", "spec/template/spec/containers/env/value", KEEP),
    field("", "", "Job", "spec/template/spec/containers/volumeMounts/mountPath", KEEP),
    field("", "", "Job", "spec/template/spec/initContainers/args", KEEP),
    field("", "", "Job", "spec/template/spec/initContainers/env/value", KEEP),
    field("", "", "Job", "spec/template/spec/initContainers/volumeMounts/mountPath", KEEP),
    field("", "", "Pod", "spec/containers/volumeMounts/mountPath", KEEP),
    field("", "", "Pod", "spec/containers/args", KEEP),
    field("", "", "Pod", "spec/initContainers/command", KEEP),
    field("", "", "Pod", "spec/initContainers/env/value", KEEP),
    field("", "", "Pod", "spec/initContainers/volumeMounts/mountPath", KEEP),
    field("", "", "Pod", "spec/volumes/nfs/server", KEEP),
    field("", "", "Pod", "spec/initContainers/args", KEEP),
    field("", "", "Pod", "spec/containers/env/value", KEEP),
    field("", "", "Pod", "spec/containers/command", KEEP),
    field("", "", "ReplicaSet", "spec/template/spec/volumes/nfs/server", KEEP),
    field("", "", "ReplicaSet", "spec/template/spec/containers/volumeMounts/mountPath", KEEP),
    field("", "", "ReplicaSet", "spec/template/spec/containers/env/value", KEEP),
    field("", "", "ReplicaSet", "spec/template/spec/containers/command", KEEP),
    field("", "", "ReplicaSet", "spec/template/spec/containers/args", KEEP),
    field("", "", "ReplicaSet", "spec/template/spec/initContainers/args", KEEP),
    field("", "", "ReplicaSet", "spec/template/spec/initContainers/volumeMounts/mountPath", KEEP),
    field("", "", "ReplicaSet", "spec/template/spec/initContainers/env/value", KEEP),
    field("", "", "ReplicaSet", "spec/template/spec/initContainers/command", KEEP),
    field("", "", "", "metadata/labels", KEEP),
    field("", "", "", "metadata/annotations", KEEP),
];

/// Fields that name images.
#[rustfmt::skip]
pub static IMAGES: [FieldSpec; 6] = [
    field("", "", "", "spec/containers[]/image", CREATE),
    field("", "", "", "spec/initContainers[]/image", CREATE),
    field("", "", "", "spec/volumes[]/image/reference", CREATE),
    field("", "", "", "spec/template/spec/containers[]/image", CREATE),
    field("", "", "", "spec/template/spec/initContainers[]/image", CREATE),
    field("", "", "", "spec/template/spec/volumes[]/image/reference", CREATE),
];

/// Fields that count replicas.
#[rustfmt::skip]
pub static REPLICAS: [FieldSpec; 4] = [
    field("", "", "Deployment", "spec/replicas", CREATE),
    field("", "", "StatefulSet", "spec/replicas", CREATE),
    field("", "", "ReplicaSet", "spec/replicas", CREATE),
    field("", "", "ReplicationController", "spec/replicas", CREATE),
];

/// Fields that name other objects, by the kind that is named.
///
/// `IngressClass` carries its version in the group, as in the original, so that `ingressClassName` is never updated.
#[rustfmt::skip]
pub static NAME_REFERENCE: [NameReference; 16] = [
    NameReference {
        referral: GvkSelector::of("storage.k8s.io", "v1", "StorageClass"),
        referrers: Cow::Borrowed(&[
            field("", "", "PersistentVolume", "spec/storageClassName", KEEP),
            field("", "", "PersistentVolumeClaim", "spec/storageClassName", KEEP),
            field("", "", "StatefulSet", "spec/volumeClaimTemplates/spec/storageClassName", KEEP),
        ]),
    },
    NameReference {
        referral: GvkSelector::of("", "v1", "ServiceAccount"),
        referrers: Cow::Borrowed(&[
            field("rbac.authorization.k8s.io", "", "RoleBinding", "subjects", KEEP),
            field("rbac.authorization.k8s.io", "", "ClusterRoleBinding", "subjects", KEEP),
            field("", "", "Pod", "spec/serviceAccountName", KEEP),
            field("", "", "StatefulSet", "spec/template/spec/serviceAccountName", KEEP),
            field("", "", "Deployment", "spec/template/spec/serviceAccountName", KEEP),
            field("", "", "ReplicationController", "spec/template/spec/serviceAccountName", KEEP),
            field("", "", "CronJob", "spec/jobTemplate/spec/template/spec/serviceAccountName", KEEP),
            field("", "", "Job", "spec/template/spec/serviceAccountName", KEEP),
            field("", "", "DaemonSet", "spec/template/spec/serviceAccountName", KEEP),
        ]),
    },
    NameReference {
        referral: GvkSelector::of("rbac.authorization.k8s.io", "", "Role"),
        referrers: Cow::Borrowed(&[field("rbac.authorization.k8s.io", "", "RoleBinding", "roleRef/name", KEEP)]),
    },
    NameReference {
        referral: GvkSelector::of("rbac.authorization.k8s.io", "", "ClusterRole"),
        referrers: Cow::Borrowed(&[
            field("rbac.authorization.k8s.io", "", "RoleBinding", "roleRef/name", KEEP),
            field("rbac.authorization.k8s.io", "", "ClusterRoleBinding", "roleRef/name", KEEP),
        ]),
    },
    NameReference {
        referral: GvkSelector::of("", "v1", "ConfigMap"),
        referrers: Cow::Borrowed(&[
            field("", "v1", "Pod", "spec/volumes/configMap/name", KEEP),
            field("", "v1", "Pod", "spec/containers/env/valueFrom/configMapKeyRef/name", KEEP),
            field("", "v1", "Pod", "spec/initContainers/env/valueFrom/configMapKeyRef/name", KEEP),
            field("", "v1", "Pod", "spec/containers/envFrom/configMapRef/name", KEEP),
            field("", "v1", "Pod", "spec/initContainers/envFrom/configMapRef/name", KEEP),
            field("", "v1", "Pod", "spec/volumes/projected/sources/configMap/name", KEEP),
            field("", "", "PodTemplate", "template/spec/volumes/configMap/name", KEEP),
            field("", "", "PodTemplate", "template/spec/containers/env/valueFrom/configMapKeyRef/name", KEEP),
            field("", "", "PodTemplate", "template/spec/initContainers/env/valueFrom/configMapKeyRef/name", KEEP),
            field("", "", "PodTemplate", "template/spec/containers/envFrom/configMapRef/name", KEEP),
            field("", "", "PodTemplate", "template/spec/initContainers/envFrom/configMapRef/name", KEEP),
            field("", "", "PodTemplate", "template/spec/volumes/projected/sources/configMap/name", KEEP),
            field("", "", "Deployment", "spec/template/spec/volumes/configMap/name", KEEP),
            field("", "", "Deployment", "spec/template/spec/containers/env/valueFrom/configMapKeyRef/name", KEEP),
            field("", "", "Deployment", "spec/template/spec/initContainers/env/valueFrom/configMapKeyRef/name", KEEP),
            field("", "", "Deployment", "spec/template/spec/containers/envFrom/configMapRef/name", KEEP),
            field("", "", "Deployment", "spec/template/spec/initContainers/envFrom/configMapRef/name", KEEP),
            field("", "", "Deployment", "spec/template/spec/volumes/projected/sources/configMap/name", KEEP),
            field("", "", "ReplicaSet", "spec/template/spec/volumes/configMap/name", KEEP),
            field("", "", "ReplicaSet", "spec/template/spec/containers/env/valueFrom/configMapKeyRef/name", KEEP),
            field("", "", "ReplicaSet", "spec/template/spec/initContainers/env/valueFrom/configMapKeyRef/name", KEEP),
            field("", "", "ReplicaSet", "spec/template/spec/containers/envFrom/configMapRef/name", KEEP),
            field("", "", "ReplicaSet", "spec/template/spec/initContainers/envFrom/configMapRef/name", KEEP),
            field("", "", "ReplicaSet", "spec/template/spec/volumes/projected/sources/configMap/name", KEEP),
            field("", "", "DaemonSet", "spec/template/spec/volumes/configMap/name", KEEP),
            field("", "", "DaemonSet", "spec/template/spec/containers/env/valueFrom/configMapKeyRef/name", KEEP),
            field("", "", "DaemonSet", "spec/template/spec/initContainers/env/valueFrom/configMapKeyRef/name", KEEP),
            field("", "", "DaemonSet", "spec/template/spec/containers/envFrom/configMapRef/name", KEEP),
            field("", "", "DaemonSet", "spec/template/spec/initContainers/envFrom/configMapRef/name", KEEP),
            field("", "", "DaemonSet", "spec/template/spec/volumes/projected/sources/configMap/name", KEEP),
            field("", "", "StatefulSet", "spec/template/spec/volumes/configMap/name", KEEP),
            field("", "", "StatefulSet", "spec/template/spec/containers/env/valueFrom/configMapKeyRef/name", KEEP),
            field("", "", "StatefulSet", "spec/template/spec/initContainers/env/valueFrom/configMapKeyRef/name", KEEP),
            field("", "", "StatefulSet", "spec/template/spec/containers/envFrom/configMapRef/name", KEEP),
            field("", "", "StatefulSet", "spec/template/spec/initContainers/envFrom/configMapRef/name", KEEP),
            field("", "", "StatefulSet", "spec/template/spec/volumes/projected/sources/configMap/name", KEEP),
            field("", "", "Job", "spec/template/spec/volumes/configMap/name", KEEP),
            field("", "", "Job", "spec/template/spec/containers/env/valueFrom/configMapKeyRef/name", KEEP),
            field("", "", "Job", "spec/template/spec/initContainers/env/valueFrom/configMapKeyRef/name", KEEP),
            field("", "", "Job", "spec/template/spec/containers/envFrom/configMapRef/name", KEEP),
            field("", "", "Job", "spec/template/spec/initContainers/envFrom/configMapRef/name", KEEP),
            field("", "", "Job", "spec/template/spec/volumes/projected/sources/configMap/name", KEEP),
            field("", "", "CronJob", "spec/jobTemplate/spec/template/spec/volumes/configMap/name", KEEP),
            field("", "", "CronJob", "spec/jobTemplate/spec/template/spec/volumes/projected/sources/configMap/name", KEEP),
            field("", "", "CronJob", "spec/jobTemplate/spec/template/spec/containers/env/valueFrom/configMapKeyRef/name", KEEP),
            field("", "", "CronJob", "spec/jobTemplate/spec/template/spec/initContainers/env/valueFrom/configMapKeyRef/name", KEEP),
            field("", "", "CronJob", "spec/jobTemplate/spec/template/spec/containers/envFrom/configMapRef/name", KEEP),
            field("", "", "CronJob", "spec/jobTemplate/spec/template/spec/initContainers/envFrom/configMapRef/name", KEEP),
            field("", "", "Node", "spec/configSource/configMap", KEEP),
            field("", "", "Role", "rules/resourceNames", KEEP),
            field("", "", "ClusterRole", "rules/resourceNames", KEEP),
            field("", "", "Ingress", r"metadata/annotations/nginx.ingress.kubernetes.io\/fastcgi-params-configmap", KEEP),
        ]),
    },
    NameReference {
        referral: GvkSelector::of("", "v1", "Secret"),
        referrers: Cow::Borrowed(&[
            field("", "v1", "Pod", "spec/volumes/secret/secretName", KEEP),
            field("", "v1", "Pod", "spec/containers/env/valueFrom/secretKeyRef/name", KEEP),
            field("", "v1", "Pod", "spec/initContainers/env/valueFrom/secretKeyRef/name", KEEP),
            field("", "v1", "Pod", "spec/containers/envFrom/secretRef/name", KEEP),
            field("", "v1", "Pod", "spec/initContainers/envFrom/secretRef/name", KEEP),
            field("", "v1", "Pod", "spec/imagePullSecrets/name", KEEP),
            field("", "v1", "Pod", "spec/volumes/projected/sources/secret/name", KEEP),
            field("", "", "PodTemplate", "template/spec/volumes/secret/secretName", KEEP),
            field("", "", "PodTemplate", "template/spec/containers/env/valueFrom/secretKeyRef/name", KEEP),
            field("", "", "PodTemplate", "template/spec/initContainers/env/valueFrom/secretKeyRef/name", KEEP),
            field("", "", "PodTemplate", "template/spec/containers/envFrom/secretRef/name", KEEP),
            field("", "", "PodTemplate", "template/spec/initContainers/envFrom/secretRef/name", KEEP),
            field("", "", "PodTemplate", "template/spec/imagePullSecrets/name", KEEP),
            field("", "", "PodTemplate", "template/spec/volumes/projected/sources/secret/name", KEEP),
            field("", "", "Deployment", "spec/template/spec/volumes/secret/secretName", KEEP),
            field("", "", "Deployment", "spec/template/spec/containers/env/valueFrom/secretKeyRef/name", KEEP),
            field("", "", "Deployment", "spec/template/spec/initContainers/env/valueFrom/secretKeyRef/name", KEEP),
            field("", "", "Deployment", "spec/template/spec/containers/envFrom/secretRef/name", KEEP),
            field("", "", "Deployment", "spec/template/spec/initContainers/envFrom/secretRef/name", KEEP),
            field("", "", "Deployment", "spec/template/spec/imagePullSecrets/name", KEEP),
            field("", "", "Deployment", "spec/template/spec/volumes/projected/sources/secret/name", KEEP),
            field("", "", "ReplicaSet", "spec/template/spec/volumes/secret/secretName", KEEP),
            field("", "", "ReplicaSet", "spec/template/spec/containers/env/valueFrom/secretKeyRef/name", KEEP),
            field("", "", "ReplicaSet", "spec/template/spec/initContainers/env/valueFrom/secretKeyRef/name", KEEP),
            field("", "", "ReplicaSet", "spec/template/spec/containers/envFrom/secretRef/name", KEEP),
            field("", "", "ReplicaSet", "spec/template/spec/initContainers/envFrom/secretRef/name", KEEP),
            field("", "", "ReplicaSet", "spec/template/spec/imagePullSecrets/name", KEEP),
            field("", "", "ReplicaSet", "spec/template/spec/volumes/projected/sources/secret/name", KEEP),
            field("", "", "DaemonSet", "spec/template/spec/volumes/secret/secretName", KEEP),
            field("", "", "DaemonSet", "spec/template/spec/containers/env/valueFrom/secretKeyRef/name", KEEP),
            field("", "", "DaemonSet", "spec/template/spec/initContainers/env/valueFrom/secretKeyRef/name", KEEP),
            field("", "", "DaemonSet", "spec/template/spec/containers/envFrom/secretRef/name", KEEP),
            field("", "", "DaemonSet", "spec/template/spec/initContainers/envFrom/secretRef/name", KEEP),
            field("", "", "DaemonSet", "spec/template/spec/imagePullSecrets/name", KEEP),
            field("", "", "DaemonSet", "spec/template/spec/volumes/projected/sources/secret/name", KEEP),
            field("", "", "StatefulSet", "spec/template/spec/volumes/secret/secretName", KEEP),
            field("", "", "StatefulSet", "spec/template/spec/containers/env/valueFrom/secretKeyRef/name", KEEP),
            field("", "", "StatefulSet", "spec/template/spec/initContainers/env/valueFrom/secretKeyRef/name", KEEP),
            field("", "", "StatefulSet", "spec/template/spec/containers/envFrom/secretRef/name", KEEP),
            field("", "", "StatefulSet", "spec/template/spec/initContainers/envFrom/secretRef/name", KEEP),
            field("", "", "StatefulSet", "spec/template/spec/imagePullSecrets/name", KEEP),
            field("", "", "StatefulSet", "spec/template/spec/volumes/projected/sources/secret/name", KEEP),
            field("", "", "Job", "spec/template/spec/volumes/secret/secretName", KEEP),
            field("", "", "Job", "spec/template/spec/containers/env/valueFrom/secretKeyRef/name", KEEP),
            field("", "", "Job", "spec/template/spec/initContainers/env/valueFrom/secretKeyRef/name", KEEP),
            field("", "", "Job", "spec/template/spec/containers/envFrom/secretRef/name", KEEP),
            field("", "", "Job", "spec/template/spec/initContainers/envFrom/secretRef/name", KEEP),
            field("", "", "Job", "spec/template/spec/imagePullSecrets/name", KEEP),
            field("", "", "Job", "spec/template/spec/volumes/projected/sources/secret/name", KEEP),
            field("", "", "CronJob", "spec/jobTemplate/spec/template/spec/volumes/secret/secretName", KEEP),
            field("", "", "CronJob", "spec/jobTemplate/spec/template/spec/volumes/projected/sources/secret/name", KEEP),
            field("", "", "CronJob", "spec/jobTemplate/spec/template/spec/containers/env/valueFrom/secretKeyRef/name", KEEP),
            field("", "", "CronJob", "spec/jobTemplate/spec/template/spec/initContainers/env/valueFrom/secretKeyRef/name", KEEP),
            field("", "", "CronJob", "spec/jobTemplate/spec/template/spec/containers/envFrom/secretRef/name", KEEP),
            field("", "", "CronJob", "spec/jobTemplate/spec/template/spec/initContainers/envFrom/secretRef/name", KEEP),
            field("", "", "CronJob", "spec/jobTemplate/spec/template/spec/imagePullSecrets/name", KEEP),
            field("", "", "Ingress", "spec/tls/secretName", KEEP),
            field("", "", "Ingress", r"metadata/annotations/ingress.kubernetes.io\/auth-secret", KEEP),
            field("", "", "Ingress", r"metadata/annotations/nginx.ingress.kubernetes.io\/auth-secret", KEEP),
            field("", "", "Ingress", r"metadata/annotations/nginx.ingress.kubernetes.io\/auth-tls-secret", KEEP),
            field("", "", "Ingress", "spec/tls/secretName", KEEP),
            field("", "", "ServiceAccount", "imagePullSecrets/name", KEEP),
            field("", "", "StorageClass", "parameters/secretName", KEEP),
            field("", "", "StorageClass", "parameters/adminSecretName", KEEP),
            field("", "", "StorageClass", "parameters/userSecretName", KEEP),
            field("", "", "StorageClass", "parameters/secretRef", KEEP),
            field("", "", "Role", "rules/resourceNames", KEEP),
            field("", "", "ClusterRole", "rules/resourceNames", KEEP),
            field("serving.knative.dev", "v1", "Service", "spec/template/spec/containers/env/valueFrom/secretKeyRef/name", KEEP),
            field("", "", "PersistentVolume", "spec/azureFile/secretName", KEEP),
        ]),
    },
    NameReference {
        referral: GvkSelector::of("", "v1", "Service"),
        referrers: Cow::Borrowed(&[
            field("apps", "", "StatefulSet", "spec/serviceName", KEEP),
            field("", "", "Ingress", "spec/rules/http/paths/backend/serviceName", KEEP),
            field("", "", "Ingress", "spec/backend/serviceName", KEEP),
            field("", "", "Ingress", "spec/rules/http/paths/backend/service/name", KEEP),
            field("", "", "Ingress", "spec/defaultBackend/service/name", KEEP),
            field("apiregistration.k8s.io", "", "APIService", "spec/service/name", KEEP),
            field("admissionregistration.k8s.io", "", "ValidatingWebhookConfiguration", "webhooks/clientConfig/service", KEEP),
            field("admissionregistration.k8s.io", "", "MutatingWebhookConfiguration", "webhooks/clientConfig/service", KEEP),
        ]),
    },
    NameReference {
        referral: GvkSelector::of("scheduling.k8s.io", "v1", "PriorityClass"),
        referrers: Cow::Borrowed(&[
            field("", "", "Pod", "spec/priorityClassName", KEEP),
            field("", "", "StatefulSet", "spec/template/spec/priorityClassName", KEEP),
            field("", "", "Deployment", "spec/template/spec/priorityClassName", KEEP),
            field("", "", "ReplicationController", "spec/template/spec/priorityClassName", KEEP),
            field("", "", "CronJob", "spec/jobTemplate/spec/template/spec/priorityClassName", KEEP),
            field("", "", "Job", "spec/template/spec/priorityClassName", KEEP),
            field("", "", "DaemonSet", "spec/template/spec/priorityClassName", KEEP),
        ]),
    },
    NameReference {
        referral: GvkSelector::of("", "v1", "PersistentVolume"),
        referrers: Cow::Borrowed(&[
            field("", "", "PersistentVolumeClaim", "spec/volumeName", KEEP),
            field("", "", "ClusterRole", "rules/resourceNames", KEEP),
        ]),
    },
    NameReference {
        referral: GvkSelector::of("", "v1", "PersistentVolumeClaim"),
        referrers: Cow::Borrowed(&[
            field("", "", "Pod", "spec/volumes/persistentVolumeClaim/claimName", KEEP),
            field("", "", "StatefulSet", "spec/template/spec/volumes/persistentVolumeClaim/claimName", KEEP),
            field("", "", "Deployment", "spec/template/spec/volumes/persistentVolumeClaim/claimName", KEEP),
            field("", "", "ReplicationController", "spec/template/spec/volumes/persistentVolumeClaim/claimName", KEEP),
            field("", "", "CronJob", "spec/jobTemplate/spec/template/spec/volumes/persistentVolumeClaim/claimName", KEEP),
            field("", "", "Job", "spec/template/spec/volumes/persistentVolumeClaim/claimName", KEEP),
            field("", "", "DaemonSet", "spec/template/spec/volumes/persistentVolumeClaim/claimName", KEEP),
        ]),
    },
    NameReference {
        referral: GvkSelector::of("", "", "Deployment"),
        referrers: Cow::Borrowed(&[field("", "", "HorizontalPodAutoscaler", "spec/scaleTargetRef/name", KEEP)]),
    },
    NameReference {
        referral: GvkSelector::of("", "", "StatefulSet"),
        referrers: Cow::Borrowed(&[field("", "", "HorizontalPodAutoscaler", "spec/scaleTargetRef/name", KEEP)]),
    },
    NameReference {
        referral: GvkSelector::of("admissionregistration.k8s.io", "", "ValidatingAdmissionPolicy"),
        referrers: Cow::Borrowed(&[field("admissionregistration.k8s.io", "", "ValidatingAdmissionPolicyBinding", "spec/policyName", KEEP)]),
    },
    NameReference {
        referral: GvkSelector::of("networking.k8s.io/v1", "v1", "IngressClass"),
        referrers: Cow::Borrowed(&[field("", "", "Ingress", "spec/ingressClassName", KEEP)]),
    },
    NameReference {
        referral: GvkSelector::of("", "", "ReplicaSet"),
        referrers: Cow::Borrowed(&[field("", "", "HorizontalPodAutoscaler", "spec/scaleTargetRef/name", KEEP)]),
    },
    NameReference {
        referral: GvkSelector::of("", "", "ReplicationController"),
        referrers: Cow::Borrowed(&[field("", "", "HorizontalPodAutoscaler", "spec/scaleTargetRef/name", KEEP)]),
    },
];

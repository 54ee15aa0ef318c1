//! Names of fields that most manifests use; a key with such a name is a number, not a string.
//!
//! A name is found by a hash of its length and its first and last eight bytes, in a table made at compile time.

/// The number of slots: four for each name, so that most look-ups end at the first.
const SLOTS: usize = 2048;
const EMPTY: u16 = u16::MAX;

static TABLE: [u16; SLOTS] = table();

/// First and last bytes of the names: up to 16 bytes they are the whole name, which spares a comparison of texts.
static ENDS: [(u64, u64); NAMES.len()] = {
    let mut all = [(0, 0); NAMES.len()];
    let mut index = 0;
    while index < NAMES.len() {
        all[index] = ends(NAMES[index].as_bytes());
        index += 1;
    }
    all
};

/// The number of a name, if it is common.
pub(super) fn find(name: &str) -> Option<u16> {
    let ends = ends(name.as_bytes());
    let mut slot = mix(ends, name.len()) as usize % SLOTS;
    loop {
        let index = TABLE[slot];
        if index == EMPTY {
            return None;
        }
        let common = NAMES[index as usize];
        if ENDS[index as usize] == ends && common.len() == name.len() && (name.len() <= 16 || common == name)
        {
            return Some(index);
        }
        slot = (slot + 1) % SLOTS;
    }
}

/// The name with this number; empty for numbers that [`find`] never gives.
pub(super) fn name(index: u16) -> &'static str {
    NAMES.get(index as usize).copied().unwrap_or_default()
}

/// Hash of a name, good for small tables.
pub(crate) const fn hash(name: &[u8]) -> u64 {
    mix(ends(name), name.len())
}

const fn mix((first, last): (u64, u64), length: usize) -> u64 {
    let mixed = (first ^ last.rotate_left(29) ^ length as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    mixed ^ mixed >> 32
}

/// The first and the last bytes, eight at most.
const fn ends(name: &[u8]) -> (u64, u64) {
    if let (Some(start), Some(end)) = (name.first_chunk(), name.last_chunk()) {
        return (u64::from_le_bytes(*start), u64::from_le_bytes(*end));
    }
    if let (Some(start), Some(end)) = (name.first_chunk(), name.last_chunk()) {
        return (u32::from_le_bytes(*start) as u64, u32::from_le_bytes(*end) as u64);
    }
    match name {
        [start, .., end] => (*start as u64 | (name[name.len() / 2] as u64) << 8, *end as u64),
        [only] => (*only as u64, 0),
        [] => (0, 0),
    }
}

const fn table() -> [u16; SLOTS] {
    let mut table = [EMPTY; SLOTS];
    let mut index = 0;
    while index < NAMES.len() {
        let mut slot = hash(NAMES[index].as_bytes()) as usize % SLOTS;
        while table[slot] != EMPTY {
            slot = (slot + 1) % SLOTS;
        }
        table[slot] = index as u16;
        index += 1;
    }
    table
}

/// The names. Order carries no meaning.
pub(super) static NAMES: [&str; 430] = [
    "apiVersion",
    "kind",
    "metadata",
    "name",
    "namespace",
    "labels",
    "annotations",
    "spec",
    "status",
    "data",
    "template",
    "containers",
    "initContainers",
    "image",
    "imagePullPolicy",
    "ports",
    "containerPort",
    "protocol",
    "env",
    "value",
    "valueFrom",
    "resources",
    "limits",
    "requests",
    "cpu",
    "memory",
    "replicas",
    "selector",
    "matchLabels",
    "matchExpressions",
    "key",
    "operator",
    "values",
    "app",
    "type",
    "port",
    "targetPort",
    "nodePort",
    "clusterIP",
    "volumes",
    "volumeMounts",
    "mountPath",
    "subPath",
    "readOnly",
    "configMap",
    "configMapKeyRef",
    "secretKeyRef",
    "secret",
    "secretName",
    "items",
    "path",
    "mode",
    "defaultMode",
    "emptyDir",
    "hostPath",
    "persistentVolumeClaim",
    "claimName",
    "serviceAccountName",
    "serviceAccount",
    "securityContext",
    "runAsUser",
    "runAsGroup",
    "runAsNonRoot",
    "fsGroup",
    "capabilities",
    "add",
    "drop",
    "privileged",
    "allowPrivilegeEscalation",
    "readOnlyRootFilesystem",
    "livenessProbe",
    "readinessProbe",
    "startupProbe",
    "httpGet",
    "tcpSocket",
    "exec",
    "command",
    "args",
    "scheme",
    "host",
    "initialDelaySeconds",
    "periodSeconds",
    "timeoutSeconds",
    "failureThreshold",
    "successThreshold",
    "strategy",
    "rollingUpdate",
    "maxSurge",
    "maxUnavailable",
    "minReplicas",
    "maxReplicas",
    "metrics",
    "resource",
    "target",
    "averageUtilization",
    "scaleTargetRef",
    "behavior",
    "rules",
    "apiGroups",
    "verbs",
    "resourceNames",
    "nonResourceURLs",
    "roleRef",
    "apiGroup",
    "subjects",
    "http",
    "paths",
    "backend",
    "service",
    "number",
    "pathType",
    "ingressClassName",
    "tls",
    "hosts",
    "description",
    "properties",
    "required",
    "enum",
    "format",
    "additionalProperties",
    "default",
    "pattern",
    "minimum",
    "maximum",
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
    "nullable",
    "oneOf",
    "anyOf",
    "allOf",
    "not",
    "schema",
    "openAPIV3Schema",
    "versions",
    "served",
    "storage",
    "subresources",
    "scope",
    "names",
    "plural",
    "singular",
    "shortNames",
    "listKind",
    "categories",
    "group",
    "version",
    "x-kubernetes-preserve-unknown-fields",
    "x-kubernetes-int-or-string",
    "x-kubernetes-list-type",
    "x-kubernetes-list-map-keys",
    "x-kubernetes-map-type",
    "x-kubernetes-validations",
    "rule",
    "message",
    "additionalPrinterColumns",
    "jsonPath",
    "priority",
    "conversion",
    "webhook",
    "clientConfig",
    "caBundle",
    "conditions",
    "lastTransitionTime",
    "lastUpdateTime",
    "reason",
    "observedGeneration",
    "readyReplicas",
    "availableReplicas",
    "updatedReplicas",
    "unavailableReplicas",
    "currentReplicas",
    "creationTimestamp",
    "deletionTimestamp",
    "deletionGracePeriodSeconds",
    "generation",
    "generateName",
    "resourceVersion",
    "uid",
    "selfLink",
    "ownerReferences",
    "controller",
    "blockOwnerDeletion",
    "finalizers",
    "managedFields",
    "manager",
    "operation",
    "time",
    "fieldsType",
    "fieldsV1",
    "subresource",
    "terminationGracePeriodSeconds",
    "terminationMessagePath",
    "terminationMessagePolicy",
    "restartPolicy",
    "dnsPolicy",
    "schedulerName",
    "nodeSelector",
    "tolerations",
    "effect",
    "affinity",
    "nodeAffinity",
    "podAffinity",
    "podAntiAffinity",
    "requiredDuringSchedulingIgnoredDuringExecution",
    "preferredDuringSchedulingIgnoredDuringExecution",
    "nodeSelectorTerms",
    "topologyKey",
    "labelSelector",
    "namespaceSelector",
    "weight",
    "preference",
    "podAffinityTerm",
    "hostNetwork",
    "hostPID",
    "hostIPC",
    "priorityClassName",
    "imagePullSecrets",
    "fieldRef",
    "fieldPath",
    "resourceFieldRef",
    "envFrom",
    "configMapRef",
    "secretRef",
    "optional",
    "prefix",
    "suffix",
    "lifecycle",
    "preStop",
    "postStart",
    "revisionHistoryLimit",
    "progressDeadlineSeconds",
    "podManagementPolicy",
    "updateStrategy",
    "volumeClaimTemplates",
    "accessModes",
    "storageClassName",
    "volumeName",
    "schedule",
    "concurrencyPolicy",
    "jobTemplate",
    "backoffLimit",
    "completions",
    "parallelism",
    "activeDeadlineSeconds",
    "successfulJobsHistoryLimit",
    "failedJobsHistoryLimit",
    "suspend",
    "ttlSecondsAfterFinished",
    "minAvailable",
    "policyTypes",
    "ingress",
    "egress",
    "from",
    "to",
    "podSelector",
    "ipBlock",
    "cidr",
    "except",
    "stringData",
    "immutable",
    "binaryData",
    "loadBalancerIP",
    "loadBalancer",
    "externalTrafficPolicy",
    "internalTrafficPolicy",
    "sessionAffinity",
    "ipFamilies",
    "ipFamilyPolicy",
    "externalName",
    "annotationsSelector",
    "webhooks",
    "failurePolicy",
    "sideEffects",
    "admissionReviewVersions",
    "matchPolicy",
    "operations",
    "objectSelector",
    "reinvocationPolicy",
    "caProvider",
    "parameters",
    "source",
    "destination",
    "server",
    "project",
    "repoURL",
    "targetRevision",
    "chart",
    "helm",
    "kustomize",
    "directory",
    "syncPolicy",
    "automated",
    "prune",
    "selfHeal",
    "syncOptions",
    "retry",
    "limit",
    "backoff",
    "duration",
    "factor",
    "maxDuration",
    "sourceRef",
    "interval",
    "patches",
    "patch",
    "generators",
    "transformers",
    "validators",
    "components",
    "bases",
    "namePrefix",
    "nameSuffix",
    "commonLabels",
    "commonAnnotations",
    "images",
    "newName",
    "newTag",
    "digest",
    "configMapGenerator",
    "secretGenerator",
    "generatorOptions",
    "literals",
    "files",
    "envs",
    "replacements",
    "vars",
    "patchesStrategicMerge",
    "options",
    "disableNameSuffixHash",
    "includeSelectors",
    "pairs",
    "op",
    "targets",
    "select",
    "fieldPaths",
    "create",
    "delimiter",
    "index",
    "id",
    "hostname",
    "hostAliases",
    "ip",
    "hostPort",
    "hostIP",
    "stdin",
    "tty",
    "workingDir",
    "nodeName",
    "topologySpreadConstraints",
    "maxSkew",
    "whenUnsatisfiable",
    "podIP",
    "podIPs",
    "phase",
    "startTime",
    "containerStatuses",
    "containerID",
    "imageID",
    "lastState",
    "running",
    "startedAt",
    "ready",
    "restartCount",
    "started",
    "state",
    "waiting",
    "terminated",
    "exitCode",
    "app.kubernetes.io/name",
    "app.kubernetes.io/instance",
    "app.kubernetes.io/component",
    "app.kubernetes.io/version",
    "app.kubernetes.io/part-of",
    "app.kubernetes.io/managed-by",
    "kubectl.kubernetes.io/last-applied-configuration",
    "deployment.kubernetes.io/revision",
    "tier",
    "role",
    "environment",
    "team",
    "component",
    "averageValue",
    "policies",
    "scaleDown",
    "scaleUp",
    "stabilizationWindowSeconds",
    "selectPolicy",
    "tag",
    "url",
    "user",
    "password",
    "username",
    "token",
    "config",
    "enabled",
    "mountPropagation",
    "sizeLimit",
    "medium",
    "provisioner",
    "volumeBindingMode",
    "reclaimPolicy",
    "allowVolumeExpansion",
    "k8s-app",
    "externalIPs",
    "healthCheckNodePort",
    "publishNotReadyAddresses",
    "appProtocol",
    "ephemeral-storage",
    "nvidia.com/gpu",
    "seccompProfile",
    "seLinuxOptions",
    "level",
    "supplementalGroups",
    "sysctls",
    "procMount",
    "projected",
    "sources",
    "serviceAccountToken",
    "audience",
    "expirationSeconds",
    "downwardAPI",
    "csi",
    "driver",
    "volumeAttributes",
    "nodePublishSecretRef",
    "nfs",
    "fsType",
    "volumeID",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::ScalarKind;
    use crate::yaml::{Dialect, resolve};

    #[test]
    fn every_name_is_found() {
        for (index, text) in NAMES.iter().enumerate() {
            assert_eq!(find(text), Some(index as u16), "{text}");
            assert_eq!(name(index as u16), *text);
        }
    }

    #[test]
    fn other_texts_are_not() {
        for text in ["", "a", "kin", "kinds", "apiversion", "é", "a-name-of-some-length-that-nobody-uses"] {
            assert_eq!(find(text), None, "{text}");
        }
        assert_eq!(name(EMPTY), "");
    }

    /// Readers take a common name for a string without a look at it.
    #[test]
    fn names_are_strings_in_every_dialect() {
        for text in NAMES {
            assert_eq!(resolve(text, Dialect::Kubectl), ScalarKind::Str, "{text}");
            assert_eq!(resolve(text, Dialect::Kustomize), ScalarKind::Str, "{text}");
        }
    }
}

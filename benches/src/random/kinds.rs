//! Objects of many kinds, with references to one another.

use std::collections::BTreeMap;

use super::node::{Node, map, seq};
use super::object::Object;
use super::scalar;
use super::workload;
use crate::generate::Random;

/// Names that a new object may refer to, by kind.
#[derive(Clone, Debug)]
pub(super) struct Names {
    by_kind: BTreeMap<String, Vec<String>>,
    /// Namespaces that new objects may lie in.
    namespaces: Vec<String>,
}

impl Names {
    pub(super) fn new(namespaces: &[&str]) -> Self {
        Self {
            by_kind: BTreeMap::new(),
            namespaces: namespaces.iter().map(|&name| name.to_owned()).collect(),
        }
    }

    pub(super) fn add(&mut self, object: &Object) {
        let known = self.by_kind.entry(object.kind.clone()).or_default();
        known.push(object.name().to_owned());
        known.extend(object.ids.first().map(|id| id.1.clone()));
    }

    /// A name of that kind, mostly one that exists.
    pub(super) fn pick(&self, random: &mut Random, kind: &str) -> String {
        match self.by_kind.get(kind) {
            Some(names) if random.chance(85) => names[random.below(names.len())].clone(),
            _ => scalar::word(random),
        }
    }
}

type Make = fn(&mut Random, &Names, &str) -> Node;

const KINDS: [(usize, Make); 34] = [
    (30, workload::workload),
    (10, service),
    (10, config_map),
    (8, secret),
    (6, |random, names, name| {
        let mut object = head(random, names, name, "v1", "ServiceAccount");
        if random.chance(40) {
            object.set("imagePullSecrets", seq![map! { "name" => names.pick(random, "Secret") }]);
        }
        if random.chance(30) {
            object.set("secrets", seq![map! { "name" => names.pick(random, "Secret") }]);
        }
        object
    }),
    (4, role),
    (4, role_binding),
    (4, ingress),
    (3, network_policy),
    (3, autoscaler),
    (3, disruption_budget),
    (2, |random, names, name| {
        let spec = map! {
            "capacity" => map! { "storage" => "5Gi" }, "storageClassName" => names.pick(random, "StorageClass"),
            "nfs" => map! { "server" => "10.0.0.1", "path" => "/x" },
        };
        with(head(random, names, name, "v1", "PersistentVolume"), "spec", spec)
    }),
    (3, |random, names, name| {
        let spec = map! {
            "accessModes" => seq!["ReadWriteOnce"], "storageClassName" => names.pick(random, "StorageClass"),
            "volumeName" => names.pick(random, "PersistentVolume"), "resources" => map! { "requests" => map! { "storage" => "1Gi" } },
        };
        with(head(random, names, name, "v1", "PersistentVolumeClaim"), "spec", spec)
    }),
    (2, |random, names, name| {
        let parameters = map! { "secretName" => names.pick(random, "Secret"), "type" => "ssd" };
        let object =
            with(head(random, names, name, "storage.k8s.io/v1", "StorageClass"), "parameters", parameters);
        with(object, "provisioner", "example.com/x")
    }),
    (2, |random, names, name| head(random, names, name, "v1", "Namespace")),
    (2, definition),
    (2, |random, names, name| {
        let service = map! { "name" => names.pick(random, "Service"), "namespace" => "default" };
        let spec = map! { "group" => "x.example.com", "version" => "v1", "service" => service };
        with(head(random, names, name, "apiregistration.k8s.io/v1", "APIService"), "spec", spec)
    }),
    (3, webhook),
    (2, |random, names, name| {
        with(head(random, names, name, "scheduling.k8s.io/v1", "PriorityClass"), "value", 1000)
    }),
    (1, |random, names, name| {
        let spec =
            map! { "hard" => map! { "pods" => "10", "requests.cpu" => "1", "limits.memory" => "2Gi" } };
        with(head(random, names, name, "v1", "ResourceQuota"), "spec", spec)
    }),
    (1, |random, names, name| {
        let limit = map! { "type" => "Container", "default" => map! { "cpu" => "500m" } };
        with(head(random, names, name, "v1", "LimitRange"), "spec", map! { "limits" => seq![limit] })
    }),
    (1, |random, names, name| {
        let subset =
            map! { "addresses" => seq![map! { "ip" => "10.0.0.1" }], "ports" => seq![map! { "port" => 80 }] };
        with(head(random, names, name, "v1", "Endpoints"), "subsets", seq![subset])
    }),
    (1, |random, names, name| {
        let spec = map! { "controller" => "example.com/ingress" };
        with(head(random, names, name, "networking.k8s.io/v1", "IngressClass"), "spec", spec)
    }),
    (1, |random, names, name| {
        let source = map! { "configMap" => map! { "name" => "x", "namespace" => "y" } };
        with(head(random, names, name, "v1", "Node"), "spec", map! { "configSource" => source })
    }),
    (8, widget),
    (3, |random, names, name| {
        let source = map! { "repoURL" => "https://example.com/repo.git", "path" => "clusters/prod", "targetRevision" => "HEAD" };
        let spec = map! {
            "project" => "default", "source" => source, "destination" => map! { "server" => "https://kubernetes.default.svc" },
            "syncPolicy" => map! { "automated" => map! { "prune" => true }, "syncOptions" => seq!["CreateNamespace=true"] },
        };
        with(head(random, names, name, "argoproj.io/v1alpha1", "Application"), "spec", spec)
    }),
    (2, |random, names, name| {
        let spec = map! {
            "secretName" => names.pick(random, "Secret"), "dnsNames" => seq!["a.example.com", "b.example.com"],
            "issuerRef" => map! { "name" => "letsencrypt", "kind" => "ClusterIssuer" },
        };
        with(head(random, names, name, "cert-manager.io/v1", "Certificate"), "spec", spec)
    }),
    (1, |random, names, name| {
        let acme = map! { "server" => "https://acme.example.com/directory", "email" => "a@example.com" };
        with(
            head(random, names, name, "cert-manager.io/v1", "ClusterIssuer"),
            "spec",
            map! { "acme" => acme },
        )
    }),
    (2, |random, names, name| {
        let reference =
            map! { "secretKeyRef" => map! { "name" => names.pick(random, "Secret"), "key" => "k" } };
        let container =
            map! { "image" => "web:1", "env" => seq![map! { "name" => "A", "valueFrom" => reference }] };
        let spec = map! { "template" => map! { "spec" => map! { "containers" => seq![container] } } };
        with(head(random, names, name, "serving.knative.dev/v1", "Service"), "spec", spec)
    }),
    (2, |random, names, name| {
        let rule =
            map! { "backendRefs" => seq![map! { "name" => names.pick(random, "Service"), "port" => 80 }] };
        let spec = map! { "parentRefs" => seq![map! { "name" => "gateway" }], "rules" => seq![rule] };
        with(head(random, names, name, "gateway.networking.k8s.io/v1", "HTTPRoute"), "spec", spec)
    }),
    (2, |random, names, name| {
        let endpoint = map! { "port" => "metrics", "interval" => "30s" };
        let spec = map! { "selector" => map! { "matchLabels" => labels(random, name) }, "endpoints" => seq![endpoint] };
        with(head(random, names, name, "monitoring.coreos.com/v1", "ServiceMonitor"), "spec", spec)
    }),
    (1, |random, names, name| {
        let spec = map! { "policyName" => names.pick(random, "ValidatingAdmissionPolicy"), "validationActions" => seq!["Deny"] };
        with(
            head(random, names, name, "admissionregistration.k8s.io/v1", "ValidatingAdmissionPolicyBinding"),
            "spec",
            spec,
        )
    }),
    (1, |random, names, name| {
        let spec = map! { "failurePolicy" => "Fail", "validations" => seq![map! { "expression" => "object.spec.replicas <= 5" }] };
        with(
            head(random, names, name, "admissionregistration.k8s.io/v1", "ValidatingAdmissionPolicy"),
            "spec",
            spec,
        )
    }),
    (2, |random, names, name| {
        let value = scalar::tree(random, 3);
        with(head(random, names, name, "example.com/v1alpha1", "Gadget"), "spec", map! { "any" => value })
    }),
];

/// An object of any kind.
pub(super) fn object(random: &mut Random, names: &Names, name: &str) -> Node {
    let total: usize = KINDS.iter().map(|(share, _)| share).sum();
    let mut at = random.below(total);
    for (share, make) in KINDS {
        match at.checked_sub(share) {
            Some(rest) => at = rest,
            None => return make(random, names, name),
        }
    }
    unreachable!("the shares add up to the total")
}

/// Labels that workloads and what selects them have in common.
pub(super) fn labels(random: &mut Random, name: &str) -> Node {
    let mut labels = map! { "app" => name };
    if random.chance(40) {
        labels.set("tier", scalar::simple(random));
    }
    labels
}

/// Metadata with a name, sometimes a namespace, labels and annotations.
pub(super) fn metadata(random: &mut Random, names: &Names, name: &str) -> Node {
    let mut metadata = map! { "name" => name };
    if random.chance(20) && !names.namespaces.is_empty() {
        let at = random.below(names.namespaces.len());
        metadata.set("namespace", names.namespaces[at].as_str());
    }
    if random.chance(50) {
        let mut labels = labels(random, name);
        if random.chance(20) {
            labels.set("app.kubernetes.io/name", scalar::text(random));
        }
        metadata.set("labels", labels);
    }
    if random.chance(30) {
        let mut annotations = map! {};
        for _ in 0..random.below(4) {
            let key = scalar::key(random);
            let value = if random.chance(80) { scalar::text(random) } else { scalar::any(random) };
            annotations.set(&key, value);
        }
        metadata.set("annotations", annotations);
    }
    if random.chance(4) {
        metadata.set("finalizers", seq!["example.com/a", "example.com/b"]);
    }
    if random.chance(3) {
        let owner = map! { "apiVersion" => "v1", "kind" => "Pod", "name" => "x", "uid" => "u-1" };
        metadata.set("ownerReferences", seq![owner]);
    }
    if random.chance(3) {
        metadata.set("creationTimestamp", Node::raw("null"));
    }
    metadata
}

fn head(random: &mut Random, names: &Names, name: &str, version: &str, kind: &str) -> Node {
    map! { "apiVersion" => version, "kind" => kind, "metadata" => metadata(random, names, name) }
}

fn with(mut object: Node, key: &str, value: impl Into<Node>) -> Node {
    object.set(key, value);
    object
}

fn service(random: &mut Random, names: &Names, name: &str) -> Node {
    let mut port = map! { "port" => 80 };
    if random.chance(50) {
        port.set("name", "http");
    }
    if random.chance(60) {
        port.set("targetPort", Node::raw(random.pick(&["8080", "http", "\"80\""])));
    }
    let mut ports = seq![port];
    if random.chance(40) {
        ports.push(map! { "port" => 53, "protocol" => "UDP", "name" => "dns" });
    }
    let mut spec = map! { "ports" => ports };
    if random.chance(85) {
        spec.set("selector", labels(random, name));
    }
    if random.chance(30) {
        spec.set("type", random.pick(&["ClusterIP", "NodePort", "LoadBalancer", "ExternalName"]));
    }
    with(head(random, names, name, "v1", "Service"), "spec", spec)
}

fn config_map(random: &mut Random, names: &Names, name: &str) -> Node {
    let mut data = map! {};
    for _ in 0..random.below(5) {
        let key = scalar::key(random);
        let value = if random.chance(75) { scalar::text(random) } else { scalar::any(random) };
        data.set(&key, value);
    }
    if random.chance(25) {
        data.set(
            "config.json",
            random.pick(&["{\"a\":{\"b\":\"x\"},\"n\":1}", "{\n  \"a\": {\n    \"b\": \"x\"\n  }\n}"]),
        );
    }
    if random.chance(25) {
        data.set(
            "config.yaml",
            random.pick(&["a:\n  b: x\nlist:\n- name: p\n  v: 1\n", "# comment\na: {b: \"x\"}\n"]),
        );
    }
    let mut object = with(head(random, names, name, "v1", "ConfigMap"), "data", data);
    if random.chance(10) {
        object.set("immutable", true);
    }
    if random.chance(5) {
        object.set("binaryData", map! { "bin" => "AAEC/w==" });
    }
    object
}

fn secret(random: &mut Random, names: &Names, name: &str) -> Node {
    let mut object = head(random, names, name, "v1", "Secret");
    object.set("data", map! { "password" => "c2VjcmV0", "k" => scalar::token(random, 12) });
    if random.chance(30) {
        object.set("stringData", map! { "url" => "https://$(NAME_A)/x", "text" => scalar::text(random) });
    }
    if random.chance(60) {
        object.set("type", "Opaque");
    }
    object
}

fn role(random: &mut Random, names: &Names, name: &str) -> Node {
    let kind = random.pick(&["Role", "ClusterRole"]);
    let mut rule = map! { "apiGroups" => seq![""], "resources" => seq!["configmaps", "secrets"], "verbs" => seq!["get", "list"] };
    if random.chance(60) {
        rule.set("resourceNames", seq![names.pick(random, "ConfigMap"), names.pick(random, "Secret")]);
    }
    let object = head(random, names, name, "rbac.authorization.k8s.io/v1", kind);
    with(object, "rules", seq![rule, map! { "nonResourceURLs" => seq!["/metrics"], "verbs" => seq!["get"] }])
}

fn role_binding(random: &mut Random, names: &Names, name: &str) -> Node {
    let kind = random.pick(&["RoleBinding", "ClusterRoleBinding"]);
    let role = if kind == "RoleBinding" { random.pick(&["Role", "ClusterRole"]) } else { "ClusterRole" };
    let mut subject = map! { "kind" => "ServiceAccount", "name" => names.pick(random, "ServiceAccount") };
    if random.chance(60) {
        subject.set("namespace", random.pick(&["default", "ns-a", "ns-b"]));
    }
    let mut subjects = seq![subject];
    if random.chance(40) {
        let api = random.pick(&["ServiceAccount", "User", "Group"]);
        subjects.push(map! { "kind" => api, "name" => random.pick(&["default", "admin"]) });
    }
    let reference = map! { "apiGroup" => "rbac.authorization.k8s.io", "kind" => role, "name" => names.pick(random, role) };
    let object = head(random, names, name, "rbac.authorization.k8s.io/v1", kind);
    with(with(object, "roleRef", reference), "subjects", subjects)
}

fn ingress(random: &mut Random, names: &Names, name: &str) -> Node {
    let old = random.chance(25);
    let service = names.pick(random, "Service");
    let backend = if old {
        map! { "serviceName" => service, "servicePort" => 80 }
    } else {
        map! { "service" => map! { "name" => service, "port" => map! { "number" => 80 } } }
    };
    let path = map! { "path" => "/", "pathType" => "Prefix", "backend" => backend.clone() };
    let rule = map! { "host" => "$(NAME_A).example.com", "http" => map! { "paths" => seq![path] } };
    let mut spec = map! { "rules" => seq![rule] };
    if random.chance(50) {
        spec.set(
            "tls",
            seq![map! { "hosts" => seq!["a.example.com"], "secretName" => names.pick(random, "Secret") }],
        );
    }
    if random.chance(20) {
        spec.set(if old { "backend" } else { "defaultBackend" }, backend);
    }
    if random.chance(20) {
        spec.set("ingressClassName", names.pick(random, "IngressClass"));
    }
    let version = if old { "networking.k8s.io/v1beta1" } else { "networking.k8s.io/v1" };
    let mut object = head(random, names, name, version, "Ingress");
    if random.chance(30)
        && let Some(metadata) = object.get_mut("metadata")
    {
        let annotation = "nginx.ingress.kubernetes.io/auth-secret";
        metadata.set("annotations", map! { annotation => names.pick(random, "Secret") });
    }
    with(object, "spec", spec)
}

fn network_policy(random: &mut Random, names: &Names, name: &str) -> Node {
    let peer = map! { "podSelector" => map! { "matchLabels" => map! { "app" => "x" } } };
    let rule = map! { "from" => seq![peer.clone(), map! { "namespaceSelector" => map! {} }], "ports" => seq![map! { "port" => 80 }] };
    let mut spec =
        map! { "podSelector" => map! { "matchLabels" => labels(random, name) }, "ingress" => seq![rule] };
    if random.chance(40) {
        spec.set("egress", seq![map! { "to" => seq![peer] }]);
    }
    if random.chance(20) {
        spec.set("podSelector", map! {});
    }
    with(head(random, names, name, "networking.k8s.io/v1", "NetworkPolicy"), "spec", spec)
}

fn autoscaler(random: &mut Random, names: &Names, name: &str) -> Node {
    let kind = random.pick(&["Deployment", "StatefulSet"]);
    let target = map! { "apiVersion" => "apps/v1", "kind" => kind, "name" => names.pick(random, kind) };
    let metric = map! {
        "type" => "Resource",
        "resource" => map! { "name" => "cpu", "target" => map! { "type" => "Utilization", "averageUtilization" => 70 } },
    };
    let spec = map! { "scaleTargetRef" => target, "minReplicas" => 1, "maxReplicas" => 5, "metrics" => seq![metric] };
    let version = random.pick(&["autoscaling/v2", "autoscaling/v2beta2", "autoscaling/v1"]);
    with(head(random, names, name, version, "HorizontalPodAutoscaler"), "spec", spec)
}

fn disruption_budget(random: &mut Random, names: &Names, name: &str) -> Node {
    let available = Node::raw(random.pick(&["1", "50%", "\"1\""]));
    let spec =
        map! { "minAvailable" => available, "selector" => map! { "matchLabels" => labels(random, name) } };
    let version = random.pick(&["policy/v1", "policy/v1beta1"]);
    with(head(random, names, name, version, "PodDisruptionBudget"), "spec", spec)
}

fn definition(random: &mut Random, names: &Names, name: &str) -> Node {
    let schema = map! {
        "type" => "object",
        "properties" => map! { "spec" => map! { "type" => "object", "x-kubernetes-preserve-unknown-fields" => true } },
    };
    let version = map! { "name" => "v1", "served" => true, "storage" => true, "schema" => map! { "openAPIV3Schema" => schema } };
    let mut spec = map! {
        "group" => "example.com", "scope" => "Namespaced", "versions" => seq![version],
        "names" => map! { "kind" => "Widget", "plural" => "widgets" },
    };
    if random.chance(30) {
        let service = map! { "name" => names.pick(random, "Service"), "namespace" => "default" };
        let client = map! { "clientConfig" => map! { "service" => service } };
        spec.set("conversion", map! { "strategy" => "Webhook", "webhook" => client });
    }
    with(head(random, names, name, "apiextensions.k8s.io/v1", "CustomResourceDefinition"), "spec", spec)
}

fn webhook(random: &mut Random, names: &Names, name: &str) -> Node {
    let hook = |name: &str, random: &mut Random| {
        let mut service = map! { "name" => names.pick(random, "Service"), "path" => "/validate" };
        if random.chance(70) {
            service.set("namespace", random.pick(&["default", "ns-a", "ns-b"]));
        }
        map! { "name" => name, "clientConfig" => map! { "service" => service }, "failurePolicy" => "Fail" }
    };
    let hooks = seq![hook("a.example.com", random), hook("b.example.com", random)];
    let kind = random.pick(&["ValidatingWebhookConfiguration", "MutatingWebhookConfiguration"]);
    with(head(random, names, name, "admissionregistration.k8s.io/v1", kind), "webhooks", hooks)
}

/// A custom resource that configurations, definitions and schemas of the generator know.
fn widget(random: &mut Random, names: &Names, name: &str) -> Node {
    let part = |name: &str, random: &mut Random| {
        map! { "name" => name, "size" => random.below(10), "note" => scalar::any(random) }
    };
    let mut spec = map! {
        "image" => random.pick(&["nginx:1.25", "web", "redis:7-alpine"]),
        "count" => 1,
        "configRef" => map! { "name" => names.pick(random, "ConfigMap") },
        "secretRef" => map! { "name" => names.pick(random, "Secret") },
        "parts" => seq![part("wheel", random), part("axle", random)],
    };
    for _ in 0..random.below(3) {
        let key = scalar::word(random);
        let value = scalar::tree(random, 3);
        spec.set(&key, value);
    }
    if random.chance(40) {
        spec.set("selector", map! { "matchLabels" => labels(random, name) });
    }
    with(head(random, names, name, "example.com/v1", "Widget"), "spec", spec)
}

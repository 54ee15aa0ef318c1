//! Workloads: objects with pods in them.

use super::kinds::{Names, labels, metadata};
use super::node::{Node, map, seq};
use super::scalar;
use crate::generate::Random;

const IMAGES: [&str; 14] = [
    "nginx",
    "nginx:1.25",
    "nginx:1.25@sha256:0123456789012345678901234567890123456789012345678901234567890123",
    "redis:7-alpine",
    "registry.example.com/team/web:v1.0.0",
    "registry.example.com:5000/team/api",
    "registry.example.com:5000/team/api:2",
    "ghcr.io/org/app@sha256:abcdefabcdefabcdefabcdefabcdefabcdefabcdefabcdefabcdefabcdefabcd",
    "busybox:latest",
    "web",
    "api:1",
    "my-app:${TAG}",
    "postgres:15.2",
    "docker.io/library/nginx:1.25",
];

/// A workload of any kind.
pub(super) fn workload(random: &mut Random, names: &Names, name: &str) -> Node {
    let kind = random.pick(&[
        "Deployment",
        "Deployment",
        "Deployment",
        "StatefulSet",
        "DaemonSet",
        "ReplicaSet",
        "Job",
        "CronJob",
        "Pod",
        "PodTemplate",
        "ReplicationController",
    ]);
    let version = match kind {
        "Deployment" => random.pick(&["apps/v1", "apps/v1", "apps/v1", "apps/v1", "extensions/v1beta1"]),
        "StatefulSet" | "DaemonSet" | "ReplicaSet" => "apps/v1",
        "CronJob" => random.pick(&["batch/v1", "batch/v1", "batch/v1beta1"]),
        "Job" => "batch/v1",
        _ => "v1",
    };
    let mut object =
        map! { "apiVersion" => version, "kind" => kind, "metadata" => metadata(random, names, name) };
    let labels = labels(random, name);
    let template =
        map! { "metadata" => map! { "labels" => labels.clone() }, "spec" => pod_spec(random, names) };
    if kind == "PodTemplate" {
        object.set("template", template);
        return object;
    }
    let spec = match kind {
        "Pod" => template.get("spec").cloned().unwrap_or_else(|| map! {}),
        "CronJob" => {
            let mut job = map! { "template" => template };
            if random.chance(20) {
                job.set("backoffLimit", 3);
            }
            map! { "schedule" => "*/5 * * * *", "jobTemplate" => map! { "spec" => job } }
        }
        "Job" => map! { "template" => template, "backoffLimit" => 4 },
        "ReplicationController" => map! { "replicas" => 1, "selector" => labels, "template" => template },
        _ => controller(random, names, kind, labels, template),
    };
    object.set("spec", spec);
    object
}

fn controller(random: &mut Random, names: &Names, kind: &str, labels: Node, template: Node) -> Node {
    let mut spec = map! { "selector" => map! { "matchLabels" => labels }, "template" => template };
    if kind != "DaemonSet" && random.chance(75) {
        let replicas = random.pick(&["1", "3", "0", "\"2\"", "null", "10"]);
        spec.set("replicas", Node::raw(replicas));
    }
    if kind == "Deployment" && random.chance(40) {
        spec.set(
            "strategy",
            map! { "type" => "RollingUpdate", "rollingUpdate" => map! { "maxSurge" => "25%", "maxUnavailable" => 1 } },
        );
    }
    if kind == "StatefulSet" {
        spec.set("serviceName", names.pick(random, "Service"));
        if random.chance(50) {
            let mut claim = map! {
                "metadata" => map! { "name" => "data" },
                "spec" => map! { "accessModes" => seq!["ReadWriteOnce"], "resources" => map! { "requests" => map! { "storage" => "1Gi" } } },
            };
            if random.chance(50)
                && let Some(inner) = claim.get_mut("spec")
            {
                inner.set("storageClassName", names.pick(random, "StorageClass"));
            }
            spec.set("volumeClaimTemplates", seq![claim]);
        }
    }
    spec
}

fn pod_spec(random: &mut Random, names: &Names) -> Node {
    let mut spec = map! {};
    let mut fields = pod_fields();
    random.shuffle(&mut fields);
    for (field, share, make) in fields {
        if random.chance(share) {
            let value = make(random, names);
            spec.set(field, value);
        }
    }
    spec
}

type Make = fn(&mut Random, &Names) -> Node;

fn pod_fields() -> Vec<(&'static str, usize, Make)> {
    vec![
        ("containers", 98, containers),
        ("initContainers", 25, init_containers),
        ("ephemeralContainers", 4, |random, names| seq![container(random, names, "debug")]),
        ("volumes", 55, volumes),
        ("serviceAccountName", 30, |random, names| names.pick(random, "ServiceAccount").into()),
        ("priorityClassName", 10, |random, names| names.pick(random, "PriorityClass").into()),
        ("imagePullSecrets", 20, |random, names| seq![map! { "name" => names.pick(random, "Secret") }]),
        (
            "nodeSelector",
            20,
            |random, _| map! { "kubernetes.io/os" => "linux", "disk" => scalar::simple(random) },
        ),
        ("tolerations", 20, |_, _| {
            seq![
                map! { "key" => "a", "operator" => "Exists", "effect" => "NoSchedule" },
                map! { "key" => "b", "operator" => "Equal", "value" => "true" },
            ]
        }),
        ("hostAliases", 15, |_, _| {
            seq![
                map! { "ip" => "10.0.0.1", "hostnames" => seq!["a.example.com", "b.example.com"] },
                map! { "ip" => "10.0.0.2", "hostnames" => seq!["c.example.com"] },
            ]
        }),
        ("affinity", 20, affinity),
        ("topologySpreadConstraints", 20, |random, _| {
            let constraint = |when: &str, skew: usize, random: &mut Random| {
                map! {
                    "maxSkew" => skew, "topologyKey" => random.pick(&["zone", "host"]), "whenUnsatisfiable" => when,
                    "labelSelector" => map! { "matchLabels" => map! { "app" => "x" } },
                }
            };
            seq![constraint("DoNotSchedule", 1, random), constraint("ScheduleAnyway", 2, random)]
        }),
        ("securityContext", 20, |_, _| map! { "runAsNonRoot" => true, "fsGroup" => 2000 }),
        ("terminationGracePeriodSeconds", 20, |_, _| 30.into()),
        ("restartPolicy", 20, |_, _| "Always".into()),
        ("dnsConfig", 8, |_, _| map! { "options" => seq![map! { "name" => "ndots", "value" => "2" }] }),
    ]
}

fn containers(random: &mut Random, names: &Names) -> Node {
    let mut list = seq![];
    let mut used = Vec::new();
    for _ in 0..=random.below(3) {
        let name = random.pick(&["app", "sidecar", "web", "proxy", "db"]);
        if !used.contains(&name) {
            used.push(name);
            list.push(container(random, names, name));
        }
    }
    list
}

fn init_containers(random: &mut Random, names: &Names) -> Node {
    let name = random.pick(&["init", "setup"]);
    seq![container(random, names, name)]
}

fn container(random: &mut Random, names: &Names, name: &str) -> Node {
    let mut container = map! { "name" => name };
    let mut fields = container_fields();
    random.shuffle(&mut fields);
    for (field, share, make) in fields {
        if random.chance(share) {
            let value = make(random, names);
            container.set(field, value);
        }
    }
    container
}

fn container_fields() -> Vec<(&'static str, usize, Make)> {
    vec![
        ("image", 95, |random, _| random.pick(&IMAGES).into()),
        ("ports", 50, ports),
        ("env", 60, env),
        ("envFrom", 25, |random, names| {
            seq![
                map! { "configMapRef" => map! { "name" => names.pick(random, "ConfigMap") } },
                map! { "secretRef" => map! { "name" => names.pick(random, "Secret") }, "prefix" => "P_" },
            ]
        }),
        ("volumeMounts", 40, |random, _| {
            seq![
                map! { "name" => "config", "mountPath" => "/etc/config", "readOnly" => true },
                map! { "name" => "data", "mountPath" => random.pick(&["/data", "/$(PATH_A)/x", "/var/lib"]) },
            ]
        }),
        ("volumeDevices", 4, |_, _| seq![map! { "name" => "data", "devicePath" => "/dev/xvda" }]),
        ("args", 30, |random, _| {
            let mut args = seq!["--verbose", "--name=$(NAME_A)"];
            for _ in 0..random.below(3) {
                args.push(scalar::text(random));
            }
            args
        }),
        ("command", 15, |_, _| seq!["sh", "-c", "echo \"$(NAME_A)\" && sleep 10; exit 0"]),
        ("resources", 40, |random, _| {
            map! {
                "limits" => map! { "cpu" => Node::raw(random.pick(&["1", "500m", "0.5", "\"2\""])), "memory" => "512Mi" },
                "requests" => map! { "cpu" => "100m", "memory" => Node::raw(random.pick(&["128Mi", "1e9", "1073741824"])) },
            }
        }),
        ("livenessProbe", 25, |random, _| {
            map! {
                "httpGet" => map! { "path" => "/healthz", "port" => Node::raw(random.pick(&["8080", "http", "\"80\""])) },
                "initialDelaySeconds" => 5,
            }
        }),
        ("imagePullPolicy", 20, |_, _| "IfNotPresent".into()),
        ("securityContext", 15, |_, _| map! { "capabilities" => map! { "drop" => seq!["ALL"] } }),
    ]
}

fn ports(random: &mut Random, _: &Names) -> Node {
    let all = [
        map! { "containerPort" => 80, "name" => "http" },
        map! { "containerPort" => 8080, "protocol" => "TCP", "name" => "alt" },
        map! { "containerPort" => 53, "protocol" => "UDP" },
        map! { "containerPort" => 53, "protocol" => "TCP", "hostPort" => 53 },
        map! { "name" => "metrics", "containerPort" => 9090 },
    ];
    let count = 1 + random.below(3);
    let chosen = random.sample(all.len(), count);
    Node::Seq(chosen.into_iter().map(|at| all[at].clone()).collect())
}

fn env(random: &mut Random, names: &Names) -> Node {
    let mut list = seq![
        map! { "name" => "LEVEL", "value" => random.pick(&["info", "debug", "$(NAME_A)", "x-$(NAME_B)-y", "$$(X)"]) }
    ];
    if random.chance(50) {
        list.push(map! { "name" => "VALUE", "value" => scalar::text(random) });
    }
    if random.chance(20) {
        list.push(map! { "name" => "ODD", "value" => scalar::odd(random) });
    }
    if random.chance(40) {
        let reference = map! { "name" => names.pick(random, "ConfigMap"), "key" => "k" };
        list.push(map! { "name" => "FROM_CONFIG", "valueFrom" => map! { "configMapKeyRef" => reference } });
    }
    if random.chance(40) {
        let reference = map! { "key" => "password", "name" => names.pick(random, "Secret") };
        list.push(map! { "name" => "FROM_SECRET", "valueFrom" => map! { "secretKeyRef" => reference } });
    }
    if random.chance(20) {
        let path = map! { "fieldPath" => "metadata.name" };
        list.push(map! { "name" => "POD", "valueFrom" => map! { "fieldRef" => path } });
    }
    list
}

fn volumes(random: &mut Random, names: &Names) -> Node {
    let mut list = seq![];
    if random.chance(70) {
        let items = seq![map! { "key" => "k", "path" => "k.txt" }];
        let mut source = map! { "name" => names.pick(random, "ConfigMap") };
        if random.chance(30) {
            source.set("items", items);
        }
        if random.chance(20) {
            source.set("defaultMode", Node::raw(random.pick(&["0644", "420", "0o400"])));
        }
        list.push(map! { "name" => "config", "configMap" => source });
    }
    if random.chance(50) {
        list.push(
            map! { "name" => "certs", "secret" => map! { "secretName" => names.pick(random, "Secret") } },
        );
    }
    if random.chance(40) {
        let claim = map! { "claimName" => names.pick(random, "PersistentVolumeClaim") };
        list.push(map! { "name" => "data", "persistentVolumeClaim" => claim });
    }
    if random.chance(25) {
        let sources = seq![
            map! { "secret" => map! { "name" => names.pick(random, "Secret") } },
            map! { "configMap" => map! { "name" => names.pick(random, "ConfigMap") } },
            map! { "serviceAccountToken" => map! { "path" => "token", "expirationSeconds" => 3600 } },
        ];
        list.push(map! { "name" => "all", "projected" => map! { "sources" => sources } });
    }
    if random.chance(25) {
        list.push(map! { "name" => "tmp", "emptyDir" => map! {} });
    }
    if random.chance(10) {
        list.push(
            map! { "name" => "share", "nfs" => map! { "server" => "$(NAME_A).example.com", "path" => "/" } },
        );
    }
    if random.chance(8) {
        list.push(map! { "name" => "model", "image" => map! { "reference" => random.pick(&IMAGES) } });
    }
    list
}

fn affinity(random: &mut Random, _: &Names) -> Node {
    let term = map! {
        "labelSelector" => map! { "matchLabels" => map! { "app" => "x" } },
        "topologyKey" => "kubernetes.io/hostname",
    };
    let mut anti = map! { "requiredDuringSchedulingIgnoredDuringExecution" => seq![term.clone()] };
    if random.chance(50) {
        anti.set(
            "preferredDuringSchedulingIgnoredDuringExecution",
            seq![map! { "weight" => 100, "podAffinityTerm" => term }],
        );
    }
    let kind = random.pick(&["podAntiAffinity", "podAffinity"]);
    map! { kind => anti }
}

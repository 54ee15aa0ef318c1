//! The codes of warnings, each with its help.
//!
//! `docs/diagnostics.md` describes every one of them; a test compares the two.

use gitops_core::diagnostic::Diagnostic;

/// One kind of warning.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Code {
    name: &'static str,
    help: &'static str,
}

impl Code {
    /// A warning of this kind; a caller who knows better replaces the help.
    pub(crate) fn says(self, message: impl Into<String>) -> Diagnostic {
        Diagnostic::warning(self.name, message).with_help(self.help)
    }
}

macro_rules! codes {
    ($($name:ident = $text:literal, $help:literal;)*) => {
        $(pub(crate) const $name: Code = Code { name: $text, help: $help };)*
    };
}

// Kustomization files and other configurations.
codes! {
    DEPRECATED_FIELD = "deprecated-field", "use the new field";
    SEVERAL_DOCUMENTS = "several-documents", "keep one document; move the others to files of their own";
    DUPLICATE_KEY = "duplicate-key", "keep one of them";
    YAML_1_1_BOOLEAN = "yaml-1-1-boolean", "write it in quotes if it is a text, else `true` or `false`";
    CONFIG_FIELD_UNKNOWN = "config-field-unknown", "check the spelling, or remove the field";
    FIELD_SPECS_MISSING = "field-specs-missing", "name the fields in `fieldSpecs`, or use the field of the kustomization file";
    BUILD_METADATA_UNKNOWN = "build-metadata-unknown", "use originAnnotations, transformerAnnotations or managedByLabel";
    BUILD_METADATA_IGNORED = "build-metadata-ignored", "only `buildMetadata` of the root counts; add the word there";
    SORT_OPTIONS_IGNORED = "sort-options-ignored", "only `sortOptions` of the root counts; move it there";
    OPENAPI_KEY_IGNORED = "openapi-key-ignored", "use `path` or `version`";
    OPENAPI_IGNORED = "openapi-ignored", "merge the schemas into one, and name it at the root";
    GENERATOR_OPTIONS_UNUSED = "generator-options-unused", "set them where the generators stand";
    BEHAVIOR_UNKNOWN = "behavior-unknown", "use create, merge or replace";
    REPLICA_COUNT_MISSING = "replica-count-missing", "add `count`";
    CRDS_WITHOUT_EFFECT = "crds-without-effect", "only `x-kubernetes-…` marks of properties that a type reaches by `$ref` count; remove the file if it has none";
    RENAME_MATCHED_NOTHING = "rename-matched-nothing", "move it to the kustomization that names the resources, or remove it";
}

// Manifests.
codes! {
    TEXT_AFTER_DOCUMENT = "text-after-document", "begin every document with a line `---`";
    VERSION_AS_NUMBER = "version-as-number", "write it in quotes if it is a text";
    INTEGER_IMPRECISE = "integer-imprecise", "write it in quotes if all digits matter";
    DATE_REWRITTEN = "date-rewritten", "write it in quotes if it is a text";
    YAML_1_1_STRING = "yaml-1-1-string", "write `true` or `false`, or put the word in quotes";
    EMPTY_IN_FLOW = "empty-in-flow", "write `null`, `{}` or `\"\"`";
    FOLDED_TEXT_CHANGED = "folded-text-changed", "use `|` instead of `>`";
    QUOTED_MERGE_KEY = "quoted-merge-key", "use another key";
    ANNOTATION_EMPTIED = "annotation-emptied", "write the annotation as a text, for instance with `|`";
}

// Patches.
codes! {
    PATCH_MATCHED_NOTHING = "patch-matched-nothing", "check kind, name and namespace of the target";
    PATCH_EMPTY = "patch-empty", "remove the entry, or give the patch content";
    PATCH_OPTION_UNKNOWN = "patch-option-unknown", "use allowNameChange or allowKindChange";
    LIST_REPLACED = "list-replaced", "repeat the whole list in the patch, use a JSON patch, or give the type a merge key by `openapi`";
    MERGE_KEY_MISSING = "merge-key-missing", "give every element its merge key, in the base and in the patch";
    LIST_ELEMENT_LOST = "list-element-lost", "give the element all merge keys that the others have, such as `protocol` of ports";
    DIRECTIVE_NOT_IMPLEMENTED = "directive-not-implemented", "use `$patch: delete` or a JSON patch";
    PATCH_REPLACE_IGNORED = "patch-replace-ignored", "use a JSON patch, or `$patch: delete` and a second patch that adds it";
    PATCH_DUPLICATE_KEY = "patch-duplicate-key", "keep one of them; the first one counts";
    PATCH_DUPLICATE_ELEMENT = "patch-duplicate-element", "keep one of them; the first one counts";
    PATCH_REMOVES_NOTHING = "patch-removes-nothing", "check the spelling of the field, or remove it from the patch";
    PATCH_NULL_KEPT = "patch-null-kept", "move it to `patches` without a target, or remove the field by a JSON patch";
    EMPTY_VALUE_DROPPED = "empty-value-dropped", "write `{}`, `[]` or `null`, or remove the key";
    RETAIN_KEYS_IGNORED = "retain-keys-ignored", "remove the other one by `null` in the patch";
    PATCH_REPLACE_ADDS = "patch-replace-adds", "use `add`, or check the spelling of the path";
    PATCH_VALUE_MISSING = "patch-value-missing", "add `value`; write `value: null` if null is meant";
    PATCH_TEST_MISSING = "patch-test-missing", "check the spelling of the path";
    POINTER_WITHOUT_SLASH = "pointer-without-slash", "begin the path with `/`";
}

// Images.
codes! {
    IMAGE_MATCHED_NOTHING = "image-matched-nothing", "`name` is the image as it stands in the manifests, without its tag";
    IMAGE_WITHOUT_CHANGE = "image-without-change", "add newName, newTag or digest, or remove the entry";
    IMAGE_NOT_COVERED = "image-not-covered", "patch the image of the ephemeral container";
    TAG_SUFFIX_TWICE = "tag-suffix-twice", "use `newTag` with the whole tag";
    TAG_SUFFIX_IGNORED = "tag-suffix-ignored", "write the suffix into `newTag`";
    DIGEST_DROPPED = "digest-dropped", "give the digest of the new image by `digest`";
}

// Replacements and variables.
codes! {
    REPLACEMENT_MATCHED_NOTHING = "replacement-matched-nothing", "check kind, name and namespace of `select`, and `reject`";
    REPLACEMENT_LOST = "replacement-lost", "inside of a JSON or YAML text a value keeps its type, and below a null nothing is created; choose another field or source";
    DELIMITER_IGNORED = "delimiter-ignored", "replace the whole field inside the text";
    SCALAR_EMPTIED = "scalar-emptied", "choose a text as the source, or a list or map as the target";
    OPTION_IGNORED = "option-ignored", "remove the option";
    PATH_PATTERN_INEXACT = "path-pattern-inexact", "anchor the pattern: `[name=^value$]`";
    VARIABLE_UNUSED = "variable-unused", "check the spelling of `$(…)`, and that `varReference` covers the field";
    VARIABLE_UNKNOWN = "variable-unknown", "define the variable in `vars` or in `env`, or write `$$(…)`";
    VARIABLE_NOT_SCALAR = "variable-not-scalar", "let `fieldref` name a text, a number or a boolean";
}

// Generators, labels, references.
codes! {
    ENV_LINE_TOO_LONG = "env-line-too-long", "use `files` for long values";
    ENV_LINE_WITHOUT_KEY = "env-line-without-key", "write `KEY=value`";
    ENV_LINE_WITHOUT_VALUE = "env-line-without-value", "write `KEY=value`, or `KEY=` for an empty value";
    ENV_EXPORT = "env-export", "remove `export`";
    ENV_QUOTES_KEPT = "env-quotes-kept", "remove the quotes; spaces need none here";
    GENERATOR_LOSES_FIELDS = "generator-loses-fields", "give them again in the generator (`type`, `options.immutable`), or patch the base";
    GENERATOR_WITHOUT_HASH = "generator-without-hash", "generate the base, too, or set disableNameSuffixHash";
    KEY_IN_DATA_AND_BINARY_DATA = "key-in-data-and-binary-data", "rename the key, or use behavior: replace";
    LABELS_LOST = "labels-lost", "write `{}` instead of nothing, or remove the key";
    SELECTOR_ADDED = "selector-added", "use `labels` without includeSelectors";
    REFERENCE_AMBIGUOUS = "reference-ambiguous", "give the resources different names, or build them with the same prefix and suffix as the referrer";
    REFERENCE_STALE = "reference-stale", "add a nameReference by `configurations`, or use a replacement";
}

// Plain folders.
codes! {
    LINK_SKIPPED = "link-skipped", "put the files themselves there, or render what the link leads to";
}

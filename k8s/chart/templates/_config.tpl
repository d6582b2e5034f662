{{/* local.yaml: what the values lead to, and the keys of config over it. */}}
{{- define "vitrine.local" -}}
{{- $ours := fromYaml (include "vitrine.derived" .) -}}
{{- toYaml (mustMergeOverwrite $ours (deepCopy .Values.config)) -}}
{{- end -}}

{{- define "vitrine.derived" -}}
{{- if not (include "vitrine.scaled" .) }}
identity: {kind: none, allow_non_loopback: true}
import: {scratch_dir: /var/lib/vitrine/scratch}
{{- else }}
identity:
  kind: {{ .Values.identity.kind }}
  {{- if eq .Values.identity.kind "none" }}
  allow_non_loopback: true
  {{- end }}
  {{- if include "vitrine.keystone" . }}
  keystone:
    url: {{ required "identity.keystone.url: the address of Keystone, such as http://keystone-api:5000/v3" .Values.identity.keystone.url }}
    {{- with .Values.identity.keystone.wwwAuthenticateUri }}
    www_authenticate_uri: {{ . }}
    {{- end }}
  {{- end }}
{{ include (printf "vitrine.store.%s" .Values.storage.kind) . }}
{{- end }}
{{- if .Values.metadefs.configMap }}
metadefs: {dir: /etc/vitrine-metadefs}
{{- end }}
{{- end -}}

{{- define "vitrine.store.custom" -}}{{- end -}}

{{- define "vitrine.store.s3" -}}
{{- $s3 := .Values.storage.s3 -}}
{{- $ca := "" -}}
{{- if $s3.useRoots }}{{ $ca = printf "ca_file: /etc/vitrine-roots/%s" .Values.roots.key }}{{ end -}}
stores:
  default: objects
  backends:
    objects:
      kind: s3
      s3:
        endpoint: {{ required "storage.s3.endpoint: the URL of the S3 server" $s3.endpoint }}
        region: {{ $s3.region }}
        bucket: {{ $s3.bucket }}
        path_style: {{ $s3.pathStyle }}
        {{ $ca }}
  staging:
    kind: s3
    s3:
      endpoint: {{ $s3.endpoint }}
      region: {{ $s3.region }}
      bucket: {{ $s3.stagingBucket }}
      path_style: {{ $s3.pathStyle }}
      {{ $ca }}
{{- end -}}

{{- define "vitrine.store.rbd" -}}
{{- $rbd := .Values.storage.rbd -}}
stores:
  default: ceph
  backends:
    ceph:
      kind: rbd
      rbd: {pool: {{ $rbd.pool }}, user: {{ $rbd.user }}, conf_file: /etc/ceph/ceph.conf}
  staging:
    kind: rbd
    rbd: {pool: {{ $rbd.stagingPool }}, user: {{ $rbd.user }}, conf_file: /etc/ceph/ceph.conf}
{{- end -}}

{{- define "vitrine.store.swift" -}}
{{- $swift := .Values.storage.swift -}}
{{- $url := $swift.authUrl | default .Values.identity.keystone.url -}}
stores:
  default: swift
  backends:
    swift:
      kind: swift
      swift: {auth_url: {{ $url | quote }}, container: {{ $swift.container }}, create_container: {{ $swift.createContainer }}}
  staging:
    kind: swift
    swift: {auth_url: {{ $url | quote }}, container: {{ $swift.stagingContainer }}, create_container: {{ $swift.createContainer }}}
{{- end -}}

{{- define "vitrine.store.file" -}}
stores:
  default: files
  backends:
    files: {kind: file, dir: /images/store, shared: true}
  staging: {kind: file, dir: /images/staging, shared: true}
{{- end -}}

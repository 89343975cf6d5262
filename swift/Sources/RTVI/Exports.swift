// What `import RTVI` provides besides this module: events, payloads, errors and JSON values.
@_exported import RTVITypes

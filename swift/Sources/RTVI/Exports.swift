// What `import RTVI` brings besides this module: events, payloads, errors and JSON values.
@_exported import RTVITypes

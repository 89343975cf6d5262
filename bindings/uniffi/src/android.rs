//! The Android setup for checking a server's certificate: passes the app's context to the verifier.
//!
//! Depends on JNI and on the certificate verifier. It must never do anything else: every other call
//! comes through UniFFI.

use jni::{EnvUnowned, errors::ThrowRuntimeExAndDefault, jni_mangle, objects::JObject};
use rustls_platform_verifier::android::init_with_env;

/// `Tls.useContext(Context)` of the Android library. Called once in each process, before its first
/// client.
///
/// The verifier keeps the context, which is the application's, for the life of the process. A
/// failure is thrown as a Java exception.
#[jni_mangle("ai.rtvi.android.Tls")]
pub fn use_context<'caller>(mut env: EnvUnowned<'caller>, _tls: JObject<'caller>, context: JObject<'caller>) {
    env.with_env(|env| init_with_env(env, context)).resolve::<ThrowRuntimeExAndDefault>();
}

/// \file
/// The C++ SDK for Pipecat voice bots: include this.
#pragma once

#include "audio.hpp"
#include "call.hpp"
#include "client.hpp"
#include "conversation.hpp"
#include "enums.hpp"
#include "error.hpp"
#include "event.hpp"
#include "events.hpp"
#include "executor.hpp"
#include "json.hpp"
#include "library.hpp"
#include "log.hpp"
#include "options.hpp"
#include "payloads.hpp"
#include "start_request.hpp"
#include "transport.hpp"
#include "typed.hpp"
#include "video.hpp"
#include "video_devices.hpp"

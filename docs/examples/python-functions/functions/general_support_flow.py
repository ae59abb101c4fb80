def general_support_flow(conv):
    return {
      "handoff": {
        "refer": {
          "phone_number": conv.caller_number,  # Number PolyAI used
          "refer_to": "sip:support@example.com",  # SIP URI or number
          "sip_headers": {
            "X-Caller-ID": conv.caller_number
          }
        }
      }
    }

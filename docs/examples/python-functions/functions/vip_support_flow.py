def vip_support_flow(conv):
    return {
      "handoff": {
        "invite": {
          "phone_number": "2222222",  # SIP URI or PSTN number
          "outbound_caller_id": conv.caller_number,
          "outbound_endpoint": "YOUR_OUTBOUND_ENDPOINT_NAME",  # Provided by PolyAI during setup
          "sip_headers": {
            "X-Customer-ID": conv.state.customer_id,
            "X-Call-Type": "Support"
          }
        }
      }
    }

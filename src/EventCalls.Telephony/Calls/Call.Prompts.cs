using EventCalls.Contracts;
using EventCalls.Media.Sessions;
using EventCalls.Telephony.Trunks;
using Microsoft.Extensions.Logging;

namespace EventCalls.Telephony.Calls;

/// <content>What a side hears before a handoff is carried out.</content>
internal sealed partial class Call
{
    private const int LongestPromptMs = 60_000;

    /// <summary>Why the prompt of a step cannot be played; null when it can, or there is none.</summary>
    public SipEvidence? WhyNotPrompt(Handoff step)
    {
        if (step.Prompt is not { Length: > 0 } name)
            return null;
        string? whyNot = PromptName.WhyNot(name);
        if (whyNot is null && Shard.Options.Media.Prompts is null)
            whyNot = "cannot be played: no folder of prompts is configured (Media:Prompts)";
        else if (whyNot is null && !File.Exists(PathOf(name)))
            whyNot = $"'{name}' is not in the folder of prompts (Media:Prompts)";
        return whyNot is null ? null : SipEvidence.Local(LocalEvidence.InvalidTarget, $"the prompt {whyNot}");
    }

    /// <summary>Has the side that is kept hear a prompt, answered where it is not yet, and goes on with the attempt then.</summary>
    public void LetHear(string name, TransferAttempt attempt)
    {
        bool isAnswered = IsCallerAnswered;
        if (!isAnswered && IsForEngineAlone(attempt.Step))
        {
            LetHearAtEngine(name, attempt);
            return;
        }
        if (!isAnswered)
            AnswerOnHold(attempt.StartedId, attempt.Run.Request.HandoffId, attempt.Step);
        LetHearAnswered(name, attempt);
    }

    /// <summary>The same for a caller who is to be answered at an engine; where none takes it the step fails, as it would without a prompt, and nobody is answered.</summary>
    private void LetHearAtEngine(string name, TransferAttempt attempt)
    {
        if (Shard.Engines is not { } engines)
        {
            attempt.OnPrompted(NoEngine);
            return;
        }
        AnswerAtEngine(engines, attempt.StartedId, attempt.Run.Request.HandoffId, whyNot =>
        {
            if (whyNot is null or Unplayable)
                LetHearAnswered(name, attempt);
            else
                attempt.OnPrompted(SipEvidence.Local(LocalEvidence.MediaEngine, whyNot));
        });
    }

    private void LetHearAnswered(string name, TransferAttempt attempt)
    {
        if (!IsCallerAnswered || (Session.Media is null && PlayedAt is null))
        {
            Shard.Logger.LogWarning("The call {Call} goes on without the prompt {Prompt}: its media goes through neither the node nor an engine, or its offer cannot be answered", Id, name);
            attempt.OnPrompted();
            return;
        }
        string path = PathOf(name);
        var media = Session.Media;
        // A file is read, and perhaps encoded, where nobody waits for it.
        _ = Task.Run(() => Shard.Post(new PromptReady(this, attempt, ReadPrompt(path, media, out string? whyNot), whyNot)));
    }

    /// <summary>The endpoint that a step calls somebody by; null for none.</summary>
    private Trunk? EndpointOf(Handoff? step) => step is { Method: HandoffMethod.Invite, OutboundEndpoint: { Length: > 0 } name } ? Shard.Trunks.ByName(name) : null;

    private string PathOf(string prompt) => Path.Combine(Shard.Options.Media.Prompts ?? "", prompt);

    private static Sound? ReadPrompt(string path, MediaLeg? media, out string? whyNot)
    {
        whyNot = null;
        try
        {
            var sound = Sound.Prompt(path);
            media?.Preparing(sound)();
            return sound;
        }
        catch (SoundException e)
        {
            whyNot = $"the prompt cannot be played: {e.Message}";
            return null;
        }
    }

    private void Play(Sound sound, TransferAttempt attempt)
    {
        if (_onceAnswered is { } before)
        {
            // Nobody knows yet where, and in which codec, it hears anything.
            _onceAnswered = () =>
            {
                before();
                if (!attempt.IsOver)
                    Play(sound, attempt);
            };
            return;
        }
        new Prompt(this, attempt, sound).Start();
    }

    private sealed class PromptReady(Call call, TransferAttempt attempt, Sound? sound, string? whyNot) : CallWork
    {
        protected override Call? Find() => attempt.IsOver ? null : call;

        protected override void Do(Call call)
        {
            if (sound is null)
                attempt.OnPrompted(SipEvidence.Local(LocalEvidence.InvalidTarget, whyNot));
            else
                call.Play(sound, attempt);
        }
    }

    private sealed class Prompt(Call call, TransferAttempt attempt, Sound sound) : WholeSound(call, call.Session)
    {
        protected override int Begin()
        {
            if (attempt.IsOver)
                return 0;
            To.Media?.Play(sound);
            if (Call.PlayedAt is { } pair)
            {
                // Its phone would take two streams at once for one.
                if (pair == Call.ConnectedPair)
                    pair.Block(pair.OtherOf(To), true);
                pair.Play(To, sound);
            }
            return Math.Min(sound.Milliseconds, LongestPromptMs);
        }

        protected override void End()
        {
            if (Call.ConnectedPair is { } pair)
                pair.Block(pair.OtherOf(To), false);
        }

        protected override void OnHeard() => attempt.OnPrompted();
    }
}

using EventCalls.Contracts;
using EventCalls.Media.Sessions;
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
        if (!IsCallerAnswered)
            AnswerOnHold(attempt.StartedId, attempt.Run.Request.HandoffId, attempt.Step);
        if (!IsCallerAnswered || (Session.Media is null && PlayedAt is null))
        {
            Shard.Logger.LogWarning("The call {Call} goes on without the prompt {Prompt}: its media does not go through the node, or its offer cannot be answered", Id, name);
            attempt.OnPrompted();
            return;
        }
        string path = PathOf(name);
        var media = Session.Media;
        // A file is read, and perhaps encoded, where nobody waits for it.
        _ = Task.Run(() => Shard.Post(new PromptReady(this, attempt, ReadPrompt(path, media, out string? whyNot), whyNot)));
    }

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

    private sealed class PromptReady(Call call, TransferAttempt attempt, Sound? sound, string? whyNot) : CallWork
    {
        protected override Call? Find() => attempt.IsOver ? null : call;

        protected override void Do(Call call)
        {
            if (sound is null)
                attempt.OnPrompted(whyNot);
            else
                new Prompt(call, attempt, sound).Start();
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

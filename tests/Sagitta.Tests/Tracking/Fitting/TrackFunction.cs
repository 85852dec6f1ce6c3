namespace Sagitta.Tests.Tracking.Fitting;

/// <summary>A scalar of tracks in which each parameter counts with its own scale, so that a gradient check sees all three.</summary>
internal sealed class TrackFunction : Operation<double>
{
    private static readonly TrackFunction Instance = new();
    private static readonly double[] Scale = [1, 3e3, 1e4];

    public override string Name => "track function";

    public static Tensor<double> Of(Tensor<double> track)
    {
        Tensor<double> sum = track.Tape.Allocate(1, 1, track.RequiresGradient);
        sum.Values[0] = 0;
        for (int k = 0; k < track.Length; k++)
        {
            sum.Values[0] += Scale[k % TrackParameter.Count] * track.Values[k];
        }

        track.Tape.Record(Instance, [track], [sum]);
        return sum;
    }

    public override void Backward(in RecordedStep<double> step)
    {
        Span<double> gradient = step.Input(0).Gradient;
        for (int k = 0; k < gradient.Length; k++)
        {
            gradient[k] += step.Output().Gradient[0] * Scale[k % TrackParameter.Count];
        }
    }
}

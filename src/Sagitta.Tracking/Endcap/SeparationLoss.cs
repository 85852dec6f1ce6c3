namespace Sagitta.Tracking.Endcap;

/// <summary>
/// Draws the hits of one track together and the tracks of one event apart (De Brabandere et al., arXiv:1708.02551): with e the place of a
/// hit, c the mean of a track's and M tracks, the mean over tracks of the mean |e - c|^2, plus the mean over pairs of tracks of
/// max(0, d - |c - c'|)^2. Hits of no track do not count. Times a factor.
/// </summary>
internal sealed class SeparationLoss : Operation<float>
{
    /// <summary>d: tracks farther apart are left in peace.</summary>
    public const double Distance = 1.5;
    private static readonly SeparationLoss _instance = new();

    public override string Name => "separation loss";

    /// <summary>A 1 x 1 sum of places, hits x columns, with a label for each hit: the number of its track, or a negative one.</summary>
    public static Tensor<float> Apply(Tensor<float> places, short[] labels, int tracks, double factor)
    {
        Tape<float> tape = places.Tape;
        Tensor<float> loss = tape.Allocate(1, 1, places.RequiresGradient);
        loss.Values[0] = (float)Evaluate(places, new(labels, tracks), factor, default);
        tape.Record(_instance, [places], [loss], context: new Hits(labels, tracks), number: factor);
        return loss;
    }

    public override void Backward(in RecordedStep<float> step)
    {
        Tensor<float> places = step.Input(0);
        _ = Evaluate(places, step.Context<Hits>(), step.Number * step.Output().Gradient[0], places.Gradient);
    }

    private static double Evaluate(Tensor<float> places, Hits hits, double factor, Span<float> gradient)
    {
        int columns = places.Columns;
        ReadOnlySpan<float> place = places.Values;
        double[] centre = new double[hits.Tracks * columns];
        double[] toCentre = new double[centre.Length];
        int[] count = new int[hits.Tracks];
        for (int hit = 0; hit < hits.Labels.Length; hit++)
        {
            for (int c = 0; hits.Labels[hit] >= 0 && c < columns; c++)
            {
                centre[(hits.Labels[hit] * columns) + c] += place[(hit * columns) + c];
            }

            _ = hits.Labels[hit] >= 0 ? count[hits.Labels[hit]]++ : 0;
        }

        int present = count.Count(n => n > 0);
        for (int i = 0; i < centre.Length; i++)
        {
            centre[i] /= Math.Max(count[i / columns], 1);
        }

        double sum = 0;
        double pairs = Math.Max(present * (present - 1) / 2, 1);
        for (int a = 0; a < hits.Tracks; a++)
        {
            for (int b = 0; b < a; b++)
            {
                double square = 0;
                for (int c = 0; c < columns; c++)
                {
                    double difference = centre[(a * columns) + c] - centre[(b * columns) + c];
                    square += difference * difference;
                }

                double distance = Math.Sqrt(square);
                double missing = count[a] > 0 && count[b] > 0 ? Math.Max(0, Distance - distance) : 0;
                sum += missing * missing / pairs;
                double push = -2 * missing / (pairs * Math.Max(distance, 1e-6));
                for (int c = 0; c < columns; c++)
                {
                    double along = push * (centre[(a * columns) + c] - centre[(b * columns) + c]);
                    toCentre[(a * columns) + c] += along;
                    toCentre[(b * columns) + c] -= along;
                }
            }
        }

        for (int hit = 0; hit < hits.Labels.Length; hit++)
        {
            int track = hits.Labels[hit];
            for (int c = 0; track >= 0 && c < columns; c++)
            {
                double apart = place[(hit * columns) + c] - centre[(track * columns) + c];
                double share = 1.0 / (count[track] * present);
                sum += share * apart * apart;
                if (!gradient.IsEmpty)
                {
                    gradient[(hit * columns) + c] += (float)(factor * (
                        (2 * share * apart) + (toCentre[(track * columns) + c] / count[track])));
                }
            }
        }

        return factor * sum;
    }

    private sealed record Hits(short[] Labels, int Tracks);
}

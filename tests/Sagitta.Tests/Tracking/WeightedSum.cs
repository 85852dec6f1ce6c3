namespace Sagitta.Tests.Tracking;

/// <summary>A fixed linear function of tensors, which turns any operation into a scalar for gradient checks.</summary>
internal sealed class WeightedSum : Operation<double>
{
    private static readonly WeightedSum Instance = new();

    public override string Name => "weighted sum";

    public static Tensor<double> Of(double[] scales, params Tensor<double>[] inputs)
    {
        Tensor<double> sum = inputs[0].Tape.Allocate(1, 1, Tape<double>.AnyRequiresGradient(inputs));
        double total = 0;
        for (int i = 0; i < inputs.Length; i++)
        {
            for (int k = 0; k < inputs[i].Length; k++)
            {
                total += scales[i] * Factor(k) * inputs[i].Values[k];
            }
        }

        sum.Values[0] = total;
        inputs[0].Tape.Record(Instance, inputs, [sum], default, scales);
        return sum;
    }

    public override void Backward(in RecordedStep<double> step)
    {
        double[] scales = step.Context<double[]>();
        double upstream = step.Output().Gradient[0];
        for (int i = 0; i < scales.Length; i++)
        {
            Span<double> gradient = step.Input(i).Gradient;
            for (int k = 0; k < gradient.Length; k++)
            {
                gradient[k] += upstream * scales[i] * Factor(k);
            }
        }
    }

    private static double Factor(int k) => 1 + (0.37 * Math.Sin(1 + (2.1 * k)));
}

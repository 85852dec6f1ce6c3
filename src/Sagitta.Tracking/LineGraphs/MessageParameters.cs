using System.Numerics;

namespace Sagitta.Tracking.LineGraphs;

/// <summary>Parameters of the message perceptron by place: gain, shift, weight and bias of each of its three layers.</summary>
internal sealed class MessageParameters
{
    /// <summary>Number of trained parameters.</summary>
    public const int Count = 12;

    private readonly Parameter[] _trained = new Parameter[Count];
    private readonly Parameter[] _means = new Parameter[3];
    private readonly Parameter[] _variances = new Parameter[3];

    /// <summary>Finds the parameters of the perceptron of that name.</summary>
    public MessageParameters(ParameterLayout layout, string prefix)
    {
        for (int layer = 0; layer < 3; layer++)
        {
            _trained[Gain(layer)] = layout.Find($"{prefix}.normalisation.{layer}.gain")!;
            _trained[Shift(layer)] = layout.Find($"{prefix}.normalisation.{layer}.bias")!;
            _trained[Weight(layer)] = layout.Find($"{prefix}.linear.{layer}.weight")!;
            _trained[Bias(layer)] = layout.Find($"{prefix}.linear.{layer}.bias")!;
            _means[layer] = layout.Find($"{prefix}.normalisation.{layer}.running_mean")!;
            _variances[layer] = layout.Find($"{prefix}.normalisation.{layer}.running_variance")!;
        }
    }

    /// <summary>Place of a layer's gain.</summary>
    public static int Gain(int layer) => 4 * layer;

    /// <summary>Place of a layer's shift (the bias of its normalisation).</summary>
    public static int Shift(int layer) => (4 * layer) + 1;

    /// <summary>Place of a layer's weights.</summary>
    public static int Weight(int layer) => (4 * layer) + 2;

    /// <summary>Place of a layer's bias.</summary>
    public static int Bias(int layer) => (4 * layer) + 3;

    /// <summary>Running mean before a layer.</summary>
    public Parameter RunningMean(int layer) => _means[layer];

    /// <summary>Running variance before a layer.</summary>
    public Parameter RunningVariance(int layer) => _variances[layer];

    /// <summary>Puts all on a tape; whether any requires a gradient.</summary>
    public bool Use<T>(Tape<T> tape, Span<Tensor<T>> tensors)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < Count; i++)
        {
            tensors[i] = tape.Use(_trained[i]);
        }

        return Tape<T>.AnyRequiresGradient(tensors);
    }
}

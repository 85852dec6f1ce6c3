namespace Sagitta.Tests.Autodiff.Operations;

public sealed class AllocationTests
{
    [Fact]
    public void A_warm_step_through_every_operation_leaves_the_managed_heap_alone()
    {
        Adjacency edges = Graphs.Random(40, 300, 1);
        Segments groups = new([0, 10, 10, 40]);
        ParameterLayout layout = new();
        Perceptron input = new(layout, "input", [6, 32, 32], new Activation.Elu());
        GraphAttentionLayer attention = new(layout, "attention", 32, new GraphAttentionOptions());
        BatchNormalisation normalisation = new(layout, "normalisation", 32);
        Perceptron readout = new(layout, "readout", [64, 16, 1], new Activation.Elu());
        using ParameterVector<float> parameters = new(layout);
        using ParameterVector<float> gradients = new(layout);
        parameters.Initialise(RandomKey.FromSeed(1));
        BatchMoments moments = normalisation.CreateMoments();
        float[] features = Array.ConvertAll(GradientCheck.Leaf.Random(40, 6, 2).Values, v => (float)v);
        float[] edgeFeatures = Array.ConvertAll(GradientCheck.Leaf.Random(300, 4, 3).Values, v => (float)v);
        float[] labels = new float[40];
        float[] weights = Enumerable.Repeat(0.025f, 40).ToArray();
        using Tape<float> tape = new();

        void Step()
        {
            gradients.Values.Clear();
            tape.Reset();
            tape.Bind(parameters, gradients);
            Tensor<float> x = input.Forward(tape, tape.Constant(features, 40, 6));
            x = attention.Forward(tape, x, tape.Constant(edgeFeatures, 300, 4), edges);
            Tensor<float> y = normalisation.Forward(tape, x, moments);
            Tensor<float> messages = Add<float>.Apply(GatherRows<float>.BySource(y, edges), GatherRows<float>.ByTarget(y, edges));
            y = Add<float>.Apply(SegmentMax<float>.Apply(messages, edges), SegmentMean<float>.Apply(Elu<float>.Apply(messages), edges));
            y = Multiply<float>.Apply(y, Sigmoid<float>.Apply(
                SegmentSum<float>.Apply(messages, edges)));
            Tensor<float> logits = readout.Forward(tape, ConcatenateColumns<float>.Apply(x, y));
            Tensor<float> loss = BinaryCrossEntropy<float>.Apply(logits, tape.Constant(labels, 40, 1), tape.Constant(weights, 40, 1));
            Tensor<float> penalty = Scale<float>.Apply(Sum<float>.Apply(SegmentSum<float>.Apply(logits, groups)), 0.1);
            tape.Backward(Add<float>.Apply(loss, Add<float>.Apply(penalty, Sum<float>.Apply(logits))));
        }

        Assert.Equal(0, WarmAllocation.Least(Step, 50));
        Assert.Contains(gradients.Values.ToArray(), g => g != 0);
        Assert.DoesNotContain(gradients.Values.ToArray(), float.IsNaN);
    }
}

"""Networks by the names that manifests give them; imported only when one is built."""

ARCHITECTURES = {
    "alexnet": "models.nets.library:alexnet",
    "filter-pyramid": "models.nets.filter_pyramid:FilterPyramid",
    "googlenet": "models.nets.library:googlenet",
    "inception-resnet-v1": "models.nets.inception_resnet_v1:InceptionResnetV1",
    "lenet-5": "models.nets.classic:LeNet5",
    "mobile-face-net": "models.nets.mobile_face_net:MobileFaceNet",
    "mobilenet-v1": "models.nets.classic:MobileNetV1",
    "mobilenet-v2": "models.nets.library:mobilenet_v2",
    "mtcnn": "models.nets.mtcnn:MTCNN",
    "onnx": "models.nets.onnx_network:OnnxNetwork",
    "resnet-18": "models.nets.library:resnet18",
    "resnet-50": "models.nets.library:resnet50",
    "resnet29": "models.nets.resnet29:ResNet29",
    "routed-resnet29": "models.nets.routed_resnet29:RoutedResNet29",
    "single-pass": "models.nets.single_pass:SinglePass",
    "track-aggregator": "models.nets.track_aggregator:TrackAggregator",
    "seq2seq": "models.nets.seq2seq:AttentionSeq2Seq",
    "vgg-16": "models.nets.library:vgg16",
    "vgg-19-features": "models.nets.vgg19:VGG19",
}
"""Network classes, or functions that build one. Those of `library` need torchvision."""
